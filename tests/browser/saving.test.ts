/** Saving and loading in a page, with every bundler and with Vite's development server. */

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saving, type Tensor } from '@ceratops/api';
import '@ceratops/backend-cpu';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { describe, expect, it } from 'vitest';
import { missingTools, toolsFolder } from '../packages/optional-tools.js';
import { chromiumPath, skipReason } from './chromium.js';

const reason = skipReason() ?? missingTools();
const { loadInPage, resultOf } = (
  reason === undefined ? await import('../../tools/bundle/page.mjs') : {}
) as typeof import('../../tools/bundle/page.mjs');

const root = fileURLToPath(new URL('../../', import.meta.url));

/** As in save.mjs. */
const x = Float32Array.from({ length: 16 * 4 }, (_, i) => Math.sin(i));

type Outcome = Awaited<ReturnType<typeof resultOf>>;

/** The page loads what it saved, from wherever; and so does Node. */
async function expectSaved({ result, downloads }: Outcome): Promise<void> {
  expect(result.failed).toBeUndefined();
  expect(Object.keys(result.found)).toEqual(['bytes', 'file', 'handle', 'url', 'weights']);
  for (const [from, predictions] of Object.entries(result.found))
    expect([from, predictions]).toEqual([from, result.expected]);
  expect(downloads.map(({ name }) => name)).toEqual(['small.weights.h5']);

  const model = await saving.loadModel(Uint8Array.from(result.bytes));
  const fresh = await saving.modelFromJson(JSON.stringify(saving.serializeKerasObject(model)));
  await fresh.loadWeights(downloads[0]!.bytes);
  for (const inNode of [model, fresh]) {
    const p = (await inNode.predict(x, { verbose: 0 })) as Tensor;
    const values = (await p.data()) as Float32Array;
    for (const [i, value] of values.entries()) expect(Math.abs(value - result.expected[i])).toBeLessThan(1e-6);
  }
}

describe.skipIf(reason !== undefined)(`files in a page${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  it.each(['esbuild', 'rollup', 'vite', 'webpack', 'bun'])('with %s: saves and loads', async (bundler) => {
    const load = await loadInPage(bundler, chromiumPath!, 'save.mjs', { minify: false });
    await expectSaved(load);
    expect(load.result.missing).toMatch(/^INVALID_ARGUMENT models\/missing.keras: cannot be fetched \(HTTP 404\)/);
    // In a worker where the bundler makes a script of it, and only there.
    const hasWorker = load.scripts.some(({ file }) => /hdf5-worker/.test(file)) || bundler === 'webpack';
    expect(hasWorker).toBe(bundler === 'vite' || bundler === 'webpack');
  });

  it("with vite's development server, which leaves the workers of packages out", async () => {
    const project = makeProject();
    const server = await createServer({
      root: project,
      configFile: false,
      logLevel: 'silent',
      server: { host: '127.0.0.1', port: 0 },
    });
    const browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      await server.listen();
      await expectSaved(await resultOf(await browser.newPage(), server.resolvedUrls!.local[0]!));
    } finally {
      await browser.close();
      await server.close();
      rmSync(project, { recursive: true, force: true });
    }
  });
});

/** A project with the packages as npm installs them: copies, for Vite takes links for sources and does not prepare them. */
function makeProject(): string {
  const project = mkdtempSync(join(tmpdir(), 'ceratops-vite-'));
  const installed = join(project, 'node_modules');
  mkdirSync(installed);
  for (const name of ['kernel-registry', 'compiler', 'core', 'backend-cpu', 'api'])
    for (const part of ['package.json', 'dist'])
      cpSync(join(root, 'packages', name, part), join(installed, '@ceratops', name, part), { recursive: true });
  for (const name of ['fflate', 'h5wasm']) symlinkSync(join(root, 'node_modules', name), join(installed, name));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  cpSync(join(toolsFolder, 'save.mjs'), join(project, 'save.mjs'));
  writeFileSync(join(project, 'index.html'), '<!doctype html><script type="module" src="./save.mjs"></script>');
  return project;
}
