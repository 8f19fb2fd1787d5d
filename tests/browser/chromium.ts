/** Pages in headless Chromium, served with the headers that threads need. */

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';

const candidates = [
  process.env['CERATOPS_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser to test in; undefined where none is installed. */
export const chromiumPath: string | undefined = candidates.find((path) => path !== undefined && existsSync(path));

/** Why browser tests are skipped, or undefined when they run. CI installs Chromium and must not skip. */
export function skipReason(): string | undefined {
  if (chromiumPath !== undefined) return undefined;
  if (process.env['CI'] === 'true') throw new Error('CI has no Chromium: .ci/run installs it');
  return 'no Chromium found (set CERATOPS_CHROMIUM to its path)';
}

export interface Site {
  open(options?: { isolated?: boolean }): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the page in `root` with Vite and serves it twice: cross-origin isolated (threads) and not. */
export async function serve(root: string): Promise<Site> {
  await build({
    root,
    logLevel: 'error',
    build: { outDir: 'dist', emptyOutDir: true, target: 'es2022' },
    worker: { format: 'es' },
  });
  const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const start = (headers: Record<string, string>) =>
    preview({ root, logLevel: 'error', build: { outDir: 'dist' }, preview: { host: '127.0.0.1', port: 0, headers } });
  const servers = { isolated: await start(isolation), plain: await start({}) };
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    async open({ isolated = true } = {}) {
      const page = await browser.newPage();
      await page.goto((isolated ? servers.isolated : servers.plain).resolvedUrls!.local[0]!);
      await page.waitForFunction(() => 'ready' in globalThis);
      return page;
    },
    async close() {
      await browser.close();
      await servers.isolated.close();
      await servers.plain.close();
    },
  };
}
