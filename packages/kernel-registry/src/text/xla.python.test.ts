/** Printed programs compile in XLA, and XLA computes what the evaluator does. */

import { describe, expect, test } from 'vitest';
import { type DType, dtypes, type HostArray, isComplex, isFloating } from '../dtype.js';
import { evaluateProgram } from '../evaluator/index.js';
import { mismatch, type Scale, summing, type Tolerance, tolerances } from '../evaluator/test-support/closeness.js';
import { encodeBfloat16, encodeFloat16 } from '../half.js';
import { inputTypes, outputTypes, type Program } from '../program.js';
import { sizeOf, type TensorType } from '../tensor-type.js';
import { generator } from './test-support/random.js';
import { samples } from './test-support/samples.js';
import { missingXla, runInXla } from './test-support/xla.js';

const reason = missingXla();

const encoders: Readonly<Partial<Record<DType, (x: number) => number | bigint>>> = {
  float16: encodeFloat16,
  bfloat16: encodeBfloat16,
  int64: (x) => BigInt(Math.trunc(x)),
  uint64: (x) => BigInt(Math.trunc(Math.abs(x))),
};

/** Values in (-4, 4), positive where `positive`; whole for integers. */
function randomInput({ dtype, shape }: TensorType, positive: boolean, random: () => number): HostArray {
  const { host, hostElements, kind } = dtypes[dtype];
  const data = new host(sizeOf(shape) * hostElements);
  const cells: { [index: number]: number | bigint } = data;
  const encode = encoders[dtype] ?? ((x: number) => (kind === 'float' || kind === 'complex' ? x : Math.trunc(x)));
  for (let i = 0; i < data.length; i++) {
    const value = random() * 8 - 4;
    const chosen = kind === 'uint' || positive ? Math.abs(value) : value;
    cells[i] = kind === 'bool' ? Number(value > 0) : encode(chosen);
  }
  return data;
}

/** Ops that are defined, or smooth, for positive operands only. */
const positiveOps: ReadonlySet<string> = new Set(['log', 'log_plus_one', 'sqrt', 'power']);

/** For windows of the samples. Where only part of a window lies outside, XLA drops all of it and the spec that part. */
function indicesInside(length: number, random: () => number): Int32Array {
  return Int32Array.from({ length }, () => Math.floor(random() * 3));
}

/** Symmetric, its diagonal larger than the rest of each row. */
function positiveDefinite(shape: readonly number[], random: () => number): Float32Array {
  const n = shape[shape.length - 1]!;
  const data = Float32Array.from({ length: sizeOf(shape) }, random);
  for (let i = 0; i < data.length; i++) {
    const [row, column] = [Math.floor(i / n) % n, i % n];
    if (row === column) data[i]! += n;
    if (row > column) data[i] = data[i - (row - column) * (n - 1)]!;
  }
  return data;
}

function inputsOf(op: string, program: Program, seed: number): HostArray[] {
  const random = generator(seed);
  return inputTypes(program).map((type) => {
    if (op === 'scatter' && type.dtype === 'int32') return indicesInside(sizeOf(type.shape), random);
    if (op === 'cholesky') return positiveDefinite(type.shape, random);
    return randomInput(type, positiveOps.has(op), random);
  });
}

/** A complex power goes through exp and log in the same width on both sides: its error grows with the exponent. */
function toleranceOf(op: string, dtype: DType): Tolerance {
  if (op === 'power' && isComplex(dtype)) return { ulps: 24, difference: 0 };
  return isFloating(dtype) || isComplex(dtype) ? tolerances.expect_close : tolerances.expect_eq;
}

/** What only a backend of its own knows. */
const notRunnable: ReadonlySet<string> = new Set(['custom_call']);

describe.skipIf(reason !== undefined)(`against XLA${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test('every sample compiles and gives the same numbers', { timeout: 600_000 }, () => {
    const jobs = Object.entries(samples)
      .filter(([op]) => !notRunnable.has(op))
      .flatMap(([op, programs]) =>
        programs.map((program, i) => ({ op, program, inputs: inputsOf(op, program, i + 1) })),
      );
    const answers = runInXla(jobs);
    const wrong: string[] = [];
    jobs.forEach(({ op, program, inputs }, i) => {
      const answer = answers[i]!;
      const title = `${op}(${inputTypes(program).map(({ dtype }) => dtype)})`;
      if (typeof answer === 'string') {
        wrong.push(`${title}: ${answer}`);
        return;
      }
      const scale: Scale = summing.has(op) ? 'tensor' : 'element';
      const expected = evaluateProgram(program, inputs);
      outputTypes(program).forEach(({ dtype }, j) => {
        const difference = mismatch(dtype, toleranceOf(op, dtype), answer[j]!, expected[j]!, scale);
        if (difference !== undefined) wrong.push(`${title}: ${difference}`);
      });
    });
    expect(jobs.length).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  });
});
