/** Runs random programs one after the other. */

import { setImmediate } from 'node:timers/promises';
import { check } from './check.js';
import { type Case, randomCase } from './random-program.js';
import { described } from './report.js';
import { shrink } from './shrink.js';

export interface FuzzOptions {
  readonly seed: number;
  readonly programs: number;
  /** Called after each program; true ends the run. */
  readonly after?: (done: FuzzResult) => boolean;
}

export interface FuzzResult {
  readonly programs: number;
  /** Elements compared, and those among them that no bound says anything about. */
  readonly elements: number;
  readonly unknown: number;
  /** The smallest case found of each failure, as text. */
  readonly failures: readonly string[];
}

export async function fuzz({ seed, programs, after = () => false }: FuzzOptions): Promise<FuzzResult> {
  let result: FuzzResult = { programs: 0, elements: 0, unknown: 0, failures: [] };
  for (let i = 0; i < programs; i++) {
    const current = randomCase(seed + i);
    const { failure, elements, unknown } = check(current);
    result = {
      programs: result.programs + 1,
      elements: result.elements + elements,
      unknown: result.unknown + unknown,
      failures: failure === undefined ? result.failures : [...result.failures, explained(current, seed + i)],
    };
    if (after(result)) break;
    // Threads come and go in the event loop.
    await setImmediate();
  }
  return result;
}

function explained(failing: Case, seed: number): string {
  const small = shrink(failing, (candidate) => check(candidate).failure);
  const again = `npm run fuzz -- --seed ${seed} --programs 1`;
  return `seed ${seed}: ${check(small).failure}\n${described(small)}\nFrom the beginning: ${again}`;
}
