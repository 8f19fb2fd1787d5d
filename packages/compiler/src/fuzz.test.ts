import { validateProgram } from '@ceratops/kernel-registry';
import { describe, it } from 'vitest';
import { expectCompiles, randomInputs } from './test-support/check.js';
import { randomProgram } from './test-support/random-program.js';

const environment = (globalThis as { process?: { env?: { CERATOPS_FUZZ?: string | undefined } } }).process?.env;

/** `CERATOPS_FUZZ=n` runs n programs of every block of seeds instead of a few. */
const each = Number(environment?.CERATOPS_FUZZ ?? 25);

describe('random programs agree with the evaluator', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7].map((block) => block * 100_000))('seeds from %i', (start) => {
    for (let seed = start; seed < start + each; seed++) {
      const program = randomProgram(seed);
      validateProgram(program);
      expectCompiles(program, randomInputs(program, seed));
    }
  });
});
