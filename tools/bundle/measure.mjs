// @ts-check
/**
 * Bundles a program with each bundler, runs the bundle, and adds up the gzipped chunks that were really loaded, worker
 * scripts included.
 *
 * usage: node measure.mjs [--json] [bundler …]
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundlers } from './bundlers.mjs';

/**
 * @typedef {{ bundler: string, gzipped: number, raw: number, chunks: { file: string, gzipped: number }[], text: string, output: string }} Measurement
 * `text` is the source of the chunks that loaded, `output` what the program printed.
 */

/**
 * @param {string} bundler
 * @param {string} [entry] a module beside this one
 * @param {boolean} [minify] false where sizes do not matter: the bundler may then leave it out
 * @returns {Promise<Measurement>}
 */
export async function measure(bundler, entry = 'program.mjs', minify = true) {
  const folder = mkdtempSync(join(tmpdir(), `ceratops-bundle-${bundler}-`));
  try {
    await bundlers[bundler](fileURLToPath(new URL(entry, import.meta.url)), folder, minify);
    const sources = readScripts(folder);
    const { loaded, output } = load(folder, entry, sources);
    const chunks = [...sources]
      .filter(([file]) => loaded.has(file))
      .map(([file, source]) => ({ file, gzipped: gzipSync(source, { level: 9 }).length, raw: source.length }))
      .sort((a, b) => b.gzipped - a.gzipped);
    return {
      bundler,
      gzipped: chunks.reduce((sum, chunk) => sum + chunk.gzipped, 0),
      raw: chunks.reduce((sum, chunk) => sum + chunk.raw, 0),
      chunks,
      output,
      text: chunks.map(({ file }) => sources.get(file)).join('\n'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Map<string, Buffer>}
 */
export function readScripts(folder) {
  const files = readdirSync(folder, { recursive: true }).map(String);
  return new Map(files.filter((file) => /\.m?js$/.test(file)).map((file) => [file, readFileSync(join(folder, file))]));
}

/**
 * Runs the bundle in a process of its own, each chunk reporting itself first.
 * @param {string} folder
 * @param {string} entry
 * @param {Map<string, Buffer>} sources
 * @returns {{ loaded: Set<string>, output: string }}
 */
export function load(folder, entry, sources) {
  for (const [file, source] of sources) {
    const report = `globalThis.process?.stderr?.write(${JSON.stringify(`\nchunk ${file}\n`)});`;
    writeFileSync(join(folder, file), `${report}${source}`);
  }
  writeFileSync(
    join(folder, 'run.mjs'),
    `await import(${JSON.stringify(pathToFileURL(join(folder, entry)).href)});
     await globalThis.__done;
     const { loss, shape, note } = globalThis.__result;
     if (!Number.isFinite(loss)) throw new Error('no loss');
     console.log('ran', loss, JSON.stringify(shape), note); process.exit(0);`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'run.mjs')], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0 || !stdout.includes('ran '))
    throw new Error(`the bundle did not run (${status}):\n${stdout}\n${stderr.slice(-4000)}`);
  const loaded = new Set([...stderr.matchAll(/^chunk (.*)$/gm)].map((match) => match[1]));
  return { loaded, output: stdout };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  for (const bundler of names.length > 0 ? names : Object.keys(bundlers)) {
    const { gzipped, raw, chunks } = await measure(bundler);
    console.log(
      `${bundler.padEnd(8)} ${(gzipped / 1024).toFixed(1).padStart(7)} KB gzipped  ${(raw / 1024).toFixed(1).padStart(7)} KB  ${chunks.length} chunks`,
    );
    for (const chunk of chunks.slice(0, 8))
      console.log(`           ${(chunk.gzipped / 1024).toFixed(1).padStart(7)}  ${chunk.file}`);
  }
}
