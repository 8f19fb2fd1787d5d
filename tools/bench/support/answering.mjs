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

/** Resolves when the next measurement is asked for; ends the process when none will be. */
export async function request() {
  if ((await lines.next()).done) process.exit(0);
}
