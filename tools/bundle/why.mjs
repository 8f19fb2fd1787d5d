// @ts-check
/**
 * Says what the chunks that load are made of: minified bytes a source file, as esbuild counts them.
 *
 * usage: node why.mjs [--chunks] [part of a path]
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { esbuildOptions } from './bundlers.mjs';
import { load, readScripts } from './measure.mjs';

const entry = 'program.mjs';
const [filter = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const folder = mkdtempSync(join(tmpdir(), 'ceratops-bundle-why-'));
try {
  const { metafile } = await build({
    ...esbuildOptions(fileURLToPath(new URL(entry, import.meta.url)), folder),
    metafile: true,
  });
  const { loaded } = load(folder, entry, readScripts(folder));
  const chunks = Object.entries(metafile.outputs).filter(([file]) => loaded.has(basename(file)));
  if (process.argv.includes('--chunks')) printChunks(chunks);
  else printFiles(chunks);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @typedef {[string, import('esbuild').Metafile['outputs'][string]][]} Chunks */

/** @param {Chunks} chunks */
function printChunks(chunks) {
  for (const [file, { bytes, inputs }] of chunks.sort((a, b) => b[1].bytes - a[1].bytes))
    console.log(`${String(bytes).padStart(8)}  ${basename(file)}  ${Object.keys(inputs).map(shorten).join(' ')}`);
}

/** @param {Chunks} chunks */
function printFiles(chunks) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const [, { inputs }] of chunks)
    for (const [file, { bytesInOutput }] of Object.entries(inputs))
      for (const name of [shorten(file), `${shorten(file).split('/')[0]}/ (all)`])
        sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  for (const [file, size] of [...sizes].filter(([file]) => file.includes(filter)).sort((a, b) => b[1] - a[1]))
    console.log(`${String(size).padStart(8)}  ${file}`);
}

/** @param {string} file */
function shorten(file) {
  return file.replace(/^.*packages\/([^/]+)\/dist\//, '$1/').replace(/^.*node_modules\//, '');
}
