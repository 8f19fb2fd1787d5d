import { buildProgram, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { compileProgram } from './compile.js';
import { runPlan } from './run-plan.js';
import { wideTarget } from './test-support/check.js';

/** Sums 0.1 over `dimensions` of `shape`, where a plain float32 loop is off by a percent. */
function sumsOfTenths(shape: readonly number[], dimensions: readonly number[]): Float32Array {
  const program = buildProgram([tensorType('float32', shape)], (e, x) => [emit.reduceSum(e, x!, dimensions)]);
  const plan = compileProgram(program, wideTarget);
  const input = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.1);
  const kept = shape.filter((_, axis) => !dimensions.includes(axis));
  return runPlan(plan, [input], [tensorType('float32', kept)])[0] as Float32Array;
}

describe('long float32 sums', () => {
  it.each([
    { what: 'a vector', shape: [1_000_000], dimensions: [0] },
    { what: 'rows', shape: [2, 500_000], dimensions: [1] },
    { what: 'columns', shape: [500_000, 2], dimensions: [0] },
    { what: 'everything but the last axis', shape: [100, 5000, 2], dimensions: [0, 1] },
  ])('of $what are right to 5e-5', ({ shape, dimensions }) => {
    const count = dimensions.reduce((product, axis) => product * shape[axis]!, 1);
    const exact = count * Math.fround(0.1);
    for (const sum of sumsOfTenths(shape, dimensions)) expect(Math.abs(sum - exact) / exact).toBeLessThan(5e-5);
  });
});
