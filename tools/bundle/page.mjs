// @ts-check
/**
 * Serves a bundle to a page in Chromium and adds up what the page asks for, gzipped, the scripts of its workers included.
 *
 * usage: node page.mjs [bundler …]   (CERATOPS_CHROMIUM names the browser)
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { bundlers } from './bundlers.mjs';

/**
 * @typedef {{ gzipped: number, scripts: { file: string, gzipped: number }[], loss: number, shape: number[], result: any, downloads: Download[] }} PageLoad
 * @typedef {{ name: string, bytes: Uint8Array }} Download
 */

/**
 * @param {string} bundler
 * @param {string} executablePath Chromium's
 * @param {string} [entry] a module beside this one
 * @param {{ minify?: boolean }} [options]
 * @returns {Promise<PageLoad>}
 */
export async function loadInPage(bundler, executablePath, entry = 'program.mjs', { minify = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), `ceratops-page-${bundler}-`));
  const site = serve(folder);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await bundlers[bundler](fileURLToPath(new URL(entry, import.meta.url)), folder, minify);
    writeFileSync(join(folder, 'index.html'), `<!doctype html><script type="module" src="./${entry}"></script>`);
    const { result, downloads } = await resultOf(await browser.newPage(), site.address());
    const gzipped = site.scripts.reduce((sum, script) => sum + script.gzipped, 0);
    return { gzipped, scripts: site.scripts, loss: result.loss, shape: result.shape, result, downloads };
  } finally {
    await browser.close();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What the program at this address leaves, and what it downloads.
 * @param {import('playwright-core').Page} page
 * @param {string} address
 * @returns {Promise<{ result: any, downloads: Download[] }>}
 */
export async function resultOf(page, address) {
  /** @type {import('playwright-core').Download[]} */
  const downloads = [];
  page.on('download', (download) => downloads.push(download));
  await page.goto(address);
  await page.waitForFunction('globalThis.__result !== undefined', undefined, { timeout: 60_000 });
  const result = await page.evaluate('globalThis.__result');
  const read = downloads.map(async (download) => ({
    name: download.suggestedFilename(),
    bytes: new Uint8Array(readFileSync(await download.path())),
  }));
  return { result, downloads: await Promise.all(read) };
}

/**
 * @param {string} folder
 * @param {(file: string) => boolean} [refuses] files that are not to be had, asked at each request
 */
export function serve(folder, refuses = () => false) {
  /** @type {PageLoad['scripts']} */
  const scripts = [];
  const server = createServer(({ url = '/' }, response) => {
    const file = url === '/' ? 'index.html' : url.slice(1).split('?')[0];
    const path = join(folder, file);
    // What threads need; the program then has as many as in Node.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (!existsSync(path) || refuses(file)) {
      response.writeHead(404).end();
      return;
    }
    const content = readFileSync(path);
    const isScript = /\.m?js$/.test(file);
    if (isScript) scripts.push({ file, gzipped: gzipSync(content, { level: 9 }).length });
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(content);
  }).listen(0, '127.0.0.1');
  return {
    scripts,
    address: () => `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`,
    close: () => server.close(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const path = process.env['CERATOPS_CHROMIUM'] ?? '/usr/bin/chromium';
  for (const bundler of names.length > 0 ? names : ['esbuild', 'rollup', 'vite', 'webpack']) {
    const { gzipped, scripts } = await loadInPage(bundler, path);
    console.log(`${bundler.padEnd(8)} ${(gzipped / 1024).toFixed(1).padStart(7)} KB gzipped in a page`);
    for (const script of scripts.sort((a, b) => b.gzipped - a.gzipped).slice(0, 5))
      console.log(`           ${(script.gzipped / 1024).toFixed(1).padStart(7)}  ${script.file}`);
  }
}
