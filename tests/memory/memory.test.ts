/** Nobody calls `dispose`, no flags: live bytes stay within the first step and the stated budget. Chromium: tests/browser. */

import { expect, it } from 'vitest';
import { eagerMemory, trainingMemory } from '../browser/page/work.js';

/** What `memory()` may exceed the first step by; core's stated default. */
const budget = 128 * 2 ** 20;

it('1,000 eager iterations of 1 MB', async () => {
  const { first, peak } = await eagerMemory(1000);
  expect(peak).toBeLessThanOrEqual(first + budget);
});

it('1,000 training steps', async () => {
  const { first, peak } = await trainingMemory(1000);
  expect(peak).toBeLessThanOrEqual(first + budget);
});
