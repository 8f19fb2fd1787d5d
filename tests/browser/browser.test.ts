/** The same program in a page: with threads (cross-origin isolated) and without. */

import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Site, serve, skipReason } from './chromium.js';
import type { failWorker as fail } from './page/failing-worker.js';
import { train } from './page/work.js';

const reason = skipReason();

/** What `memory()` may exceed the first step by; core's stated default. */
const budget = 128 * 2 ** 20;

declare const trainInPage: typeof train;
declare const failWorker: typeof fail;
declare const eagerMemory: (iterations: number) => Promise<{ first: number; peak: number }>;
declare const trainingMemory: (steps: number) => Promise<{ first: number; peak: number }>;

describe.skipIf(reason !== undefined)(`Chromium${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let site: Site;
  let inNode: Awaited<ReturnType<typeof train>>;

  beforeAll(async () => {
    site = await serve(fileURLToPath(new URL('./page', import.meta.url)));
    inNode = await train();
  }, 120_000);
  afterAll(() => site?.close());

  async function expectSameTraining(page: Page, threads: boolean): Promise<void> {
    const result = await page.evaluate(() => trainInPage());
    expect(result.threads).toBe(threads);
    expect(result.loss).toHaveLength(3);
    for (const [i, loss] of result.loss.entries()) expect(Math.abs(loss - inNode.loss[i]!)).toBeLessThanOrEqual(1e-5);
    for (const [i, p] of result.prediction.entries()) {
      expect(Math.abs(p - inNode.prediction[i]!)).toBeLessThanOrEqual(1e-5);
    }
  }

  it('trains as Node does, with threads', async () => {
    await expectSameTraining(await site.open({ isolated: true }), true);
  });

  it('trains as Node does, without shared memory', async () => {
    await expectSameTraining(await site.open({ isolated: false }), false);
  });

  it('1,000 eager iterations of 1 MB stay within the first step and the budget', async () => {
    const page = await site.open({ isolated: true });
    const { first, peak } = await page.evaluate(() => eagerMemory(1000));
    expect(peak).toBeLessThanOrEqual(first + budget);
  });

  it('1,000 training steps stay within the first step and the budget', async () => {
    const page = await site.open({ isolated: true });
    const { first, peak } = await page.evaluate(() => trainingMemory(1000));
    expect(peak).toBeLessThanOrEqual(first + budget);
  });

  it('goes on after an error in the worker that nobody caught', async () => {
    const page = await site.open();
    const { calls, predictions, liveBytes } = await page.evaluate(() => failWorker(false));
    expect(calls).toEqual([
      ['fit', 2],
      ['sum', 1000],
      ['predict', 6],
    ]);
    expect(predictions[1]).toEqual(predictions[0]);
    expect(liveBytes).toBeLessThan(budget);
  });

  it('goes on with another worker when the one that computes has died', async () => {
    const page = await site.open({ isolated: false });
    const { calls, predictions, liveBytes } = await page.evaluate(() => failWorker(true));
    expect(calls).toEqual([
      ['fit', 'DEVICE_LOST'],
      ['sum', 1000],
      ['predict', 'DEVICE_LOST'],
    ]);
    expect(predictions[0]!.reduce((sum, p) => sum + p)).toBeCloseTo(2);
    expect(predictions[1]).toEqual(predictions[0]);
    expect(liveBytes).toBeLessThan(budget);
    await expectSameTraining(page, false);
  });
});
