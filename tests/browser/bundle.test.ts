/** What a page really asks for: the README's program as bundlers leave it, in Chromium instead of Node. */

import { describe, expect, it } from 'vitest';
import { missingTools } from '../packages/optional-tools.js';
import { chromiumPath, skipReason } from './chromium.js';

const reason = skipReason() ?? missingTools();
const { loadInPage } = (
  reason === undefined ? await import('../../tools/bundle/page.mjs') : {}
) as typeof import('../../tools/bundle/page.mjs');

describe.skipIf(reason !== undefined)(`bundles in a page${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  // These two make no script of the worker: the page computes itself, and everything it loads counts.
  it.each(['esbuild', 'rollup'])('with %s: trains, and loads at most 120 KB gzipped', async (bundler) => {
    const { gzipped, loss, shape } = await loadInPage(bundler, chromiumPath!);
    expect(gzipped).toBeLessThanOrEqual(120 * 1024);
    expect(shape).toEqual([16, 10]);
    // Ten classes, hardly trained: near ln 10.
    expect(Math.abs(loss - Math.LN10)).toBeLessThan(0.5);
  });

  it('with vite: trains in the script of its worker', async () => {
    const { scripts, shape } = await loadInPage('vite', chromiumPath!);
    expect(shape).toEqual([16, 10]);
    expect(scripts.map(({ file }) => file)).toContainEqual(expect.stringMatching(/compute-.*\.js$/));
  });
});
