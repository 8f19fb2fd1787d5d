import { expect, it } from 'vitest';
import { compileProgram } from '../../packages/compiler/src/compile.js';
import { peakMemory } from '../../packages/compiler/src/debug/peak-memory.js';
import { tinyTarget } from '../../packages/compiler/src/test-support/check.js';
import { lowered } from './backends.js';
import { randomCase } from './random-program.js';

it('memory plans of random programs stay within 1.15 of the liveness bound', () => {
  let kept = 0;
  const over: string[] = [];
  for (let seed = 0; seed < 1000; seed++) {
    const plan = compileProgram(lowered(randomCase(seed).program), tinyTarget);
    const { bytes } = peakMemory(plan, tinyTarget.alignment);
    if (bytes > 0) kept++;
    if (plan.arenaBytes > 1.15 * bytes) over.push(`${seed}: ${plan.arenaBytes} of ${bytes}`);
  }
  expect(over).toEqual([]);
  expect(kept).toBeGreaterThan(50);
});
