// @ts-check
/**
 * The side of a contestant: a process that says once that it is ready, then measures whenever a line comes in, and ends when its
 * input does. One JSON object a line; Python contestants speak the same.
 */

import { createInterface } from 'node:readline';

/** @param {object} message */
export function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/**
 * Resolves when the next measurement is asked for; ends the process when none will be.
 * @returns {Promise<boolean>} Whether it counts; else it only warms up.
 */
export async function request() {
  const { value, done } = await lines.next();
  if (done) process.exit(0);
  return value === 'go';
}

/**
 * What takes longer than half a second is measured once, however many rounds there are; in the others there is nothing to say.
 * @param {() => number | Promise<number>} measure Seconds.
 * @returns {(counted: boolean) => Promise<number | undefined>}
 */
export function sparing(measure) {
  let held;
  let said = false;
  return async (counted) => {
    if (said) return undefined;
    const seconds = held ?? (await measure());
    if (seconds > 0.5) {
      held = seconds;
      said = counted;
    }
    return seconds;
  };
}

/**
 * Says what this contestant cannot do, and why, and measures nothing.
 * @param {Record<string, string>} reasons By measurement.
 * @returns {Promise<never>}
 */
export async function cannot(reasons) {
  answer({ cannot: reasons });
  for (;;) {
    await request();
    answer({});
  }
}
