/** Compiles programs, runs their plans in JavaScript, and holds the results against the reference evaluator. */

import {
  type DType,
  decodeBfloat16,
  decodeFloat16,
  dtypes,
  encodeBfloat16,
  encodeFloat16,
  formatType,
  type HostArray,
  outputTypes,
  type Program,
  sizeOf,
  type TensorType,
} from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { expect } from 'vitest';
import { compileProgram } from '../compile.js';
import { printPlan } from '../debug/print.js';
import { verifyStage } from '../debug/stages.js';
import { LoweredGroups } from '../lower/recall.js';
import type { Plan } from '../plan.js';
import { runPlan } from '../run-plan.js';
import type { Target } from '../target.js';
import { tinyTarget, wideTarget } from './targets.js';

export { tinyTarget, wideTarget };

/** A small seeded generator: uniform in [0, 1). */
export function randomGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomArray({ dtype, shape }: TensorType, random: () => number): HostArray {
  const { host, kind, bits } = dtypes[dtype];
  const array = new host(sizeOf(shape));
  for (let i = 0; i < array.length; i++) array[i] = randomElement(dtype, kind, bits, random);
  return array;
}

function randomElement(dtype: DType, kind: string, bits: number, random: () => number): number | bigint {
  const value = (random() - 0.5) * 4;
  if (kind === 'bool') return random() < 0.5 ? 1 : 0;
  if (dtype === 'float16') return encodeFloat16(value);
  if (dtype === 'bfloat16') return encodeBfloat16(value);
  if (kind === 'float') return value;
  const small = Math.floor(random() * 12) - (kind === 'int' ? 6 : 0);
  return bits === 64 ? BigInt(small) : small;
}

function decoded(array: HostArray, dtype: DType): (number | bigint)[] {
  const decode = dtype === 'float16' ? decodeFloat16 : dtype === 'bfloat16' ? decodeBfloat16 : undefined;
  const values: (number | bigint)[] = [];
  for (const raw of array) values.push(decode === undefined ? raw : decode(Number(raw)));
  return values;
}

/** Relative to the largest finite magnitude of the tensor. */
const tolerances: { readonly [D in DType]?: number } = {
  float16: 4e-3,
  bfloat16: 3e-2,
  float32: 4e-6,
  float64: 1e-13,
};

export function expectClose(actual: HostArray, expected: HostArray, { dtype, shape }: TensorType, what: string): void {
  const got = decoded(actual, dtype);
  const want = decoded(expected, dtype);
  expect(got.length, what).toBe(want.length);
  let scale = 1e-30;
  for (const x of want) if (Number.isFinite(Number(x))) scale = Math.max(scale, Math.abs(Number(x)));
  const tolerance = (tolerances[dtype] ?? 0) * scale;
  for (let i = 0; i < want.length; i++) {
    const a = got[i]!;
    const b = want[i]!;
    const same = a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(Number(a) - Number(b)) <= tolerance;
    if (!same) expect.fail(`${what}: ${formatType({ dtype, shape })} element ${i} is ${a}, expected ${b}`);
  }
}

const remembered = new Map<Target, LoweredGroups>();

/** Holds the plan of `program` against that with kernels of earlier programs in it, and then of itself. */
export function expectRecalls(program: Program, target: Target, plan: Plan): void {
  let lowered = remembered.get(target);
  if (lowered === undefined) remembered.set(target, (lowered = new LoweredGroups()));
  for (let time = 0; time < 2; time++)
    expect(printPlan(compileProgram(program, { ...target, lowered })), program.name).toBe(printPlan(plan));
}

/** Holds the plan of `program` against the evaluator: in one run of items and in several, with aliases and without. */
export function expectCompiles(
  program: Program,
  inputs: readonly HostArray[],
  targets = [tinyTarget, wideTarget],
): Plan {
  const types = outputTypes(program);
  const expected = evaluateProgram(program, inputs);
  let plan: Plan | undefined;
  for (const target of targets) {
    plan = compileProgram(program, target, { inspect: verifyStage });
    expectRecalls(program, target, plan);
    let firstRun: HostArray[] | undefined;
    for (const options of [{}, { alias: true, runs: 3 }]) {
      const actual = runPlan(plan, inputs, types, options);
      actual.forEach((array, i) => {
        expectClose(array, expected[i]!, types[i]!, `${program.name} output ${i}`);
        if (firstRun !== undefined) expect(bytes(array), 'the cut into threads shows').toEqual(bytes(firstRun[i]!));
      });
      firstRun = actual;
    }
  }
  return plan!;
}

function bytes(array: HostArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export function randomInputs(program: Program, seed = 1): HostArray[] {
  const random = randomGenerator(seed);
  return program.inputs.map(({ type }) => randomArray(type, random));
}
