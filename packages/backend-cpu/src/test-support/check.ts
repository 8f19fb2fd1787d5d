/** Runs programs on every variant of the backend and compares with the reference evaluator. */

import { LatePartsNeeded } from '@ceratops/compiler';
import {
  type DType,
  decodeBfloat16,
  decodeFloat16,
  dtypes,
  type HostArray,
  inputTypes,
  outputTypes,
  type Program,
  sizeOf,
  type TensorType,
} from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { expect } from 'vitest';
import { CpuBackend } from '../backend.js';
import { CpuDevice } from '../device.js';
import { hasRelaxedSimd } from '../wasm/features.js';

/** Threads share whatever has two items. */
const shareEverything = { step: 1, chunk: 1, wake: 1 };

export const plain: CpuBackend = new CpuBackend({ threads: 1, relaxedSimd: false });
export const threaded: CpuBackend = new CpuBackend({ threads: 2, relaxedSimd: false }, shareEverything);
/** Where the engine can; tests through it otherwise run plain code again. */
export const relaxed: CpuBackend = new CpuBackend({ threads: 1, relaxedSimd: true });
/** As a page's worker is before it has loaded its late parts. */
const lean: CpuDevice = new CpuDevice({ threads: 1, relaxedSimd: false }, undefined);
export const relaxedRuns: boolean = hasRelaxedSimd();

let nextId = 1;

export function runOn(device: CpuDevice | CpuBackend, program: Program, inputs: readonly HostArray[]): HostArray[] {
  const executable = device.compile(program);
  const ids = inputs.map((data, i) => {
    device.write(nextId, program.inputs[i]!.type, data);
    return nextId++;
  });
  const outputs = program.outputs.map(() => nextId++);
  const vetoed = ids.map((_, i) => i);
  executable.execute({ inputs: ids, outputs, vetoed });
  const results = outputs.map((id) => device.readSync(id));
  device.free([...ids, ...outputs]);
  executable.release();
  return results;
}

export interface Tolerance {
  /** Relative to the largest magnitude of the reference. Default 2e-6. */
  readonly relative?: number | undefined;
}

/** Plain, relaxed and threaded code give the evaluator's numbers; neither threads nor missing late parts change a bit. */
export function expectProgram(program: Program, inputs: readonly HostArray[], tolerance: Tolerance = {}): void {
  const expected = evaluateProgram(program, inputs);
  const types = outputTypes(program);
  const one = runOn(plain, program, inputs);
  expectClose('plain', one, expected, types, tolerance);
  expectClose('relaxed', runOn(relaxed, program, inputs), expected, types, tolerance);
  expect(runOn(threaded, program, inputs).map(bitsOf), 'two threads').toEqual(one.map(bitsOf));
  const early = unlessLate(() => runOn(lean, program, inputs));
  if (early !== undefined) expect(early.map(bitsOf), 'without late parts').toEqual(one.map(bitsOf));
}

function unlessLate<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof LatePartsNeeded) return undefined;
    throw error;
  }
}

function bitsOf(data: HostArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

export function numbersOf(data: HostArray, dtype: DType): readonly number[] {
  if (dtype === 'bfloat16') return Array.from(data as Uint16Array, decodeBfloat16);
  if (dtype === 'float16') return Array.from(data as Uint16Array, decodeFloat16);
  return Array.from(data as Float64Array, Number);
}

export function expectClose(
  variant: string,
  actual: readonly HostArray[],
  expected: readonly HostArray[],
  types: readonly TensorType[],
  { relative = 2e-6 }: Tolerance,
): void {
  actual.forEach((data, output) => {
    const { dtype } = types[output]!;
    if (dtypes[dtype].kind !== 'float') {
      expect(data, `${variant}, output ${output}`).toEqual(expected[output]);
      return;
    }
    const unit = dtype === 'bfloat16' ? 2 ** -7 : dtype === 'float16' ? 2 ** -10 : relative;
    const reference = numbersOf(expected[output]!, dtype);
    const scale = reference.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1e-30);
    numbersOf(data, dtype).forEach((x, i) => {
      const y = reference[i]!;
      if (Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y))) return;
      if (!(Math.abs(x - y) <= unit * scale))
        expect.fail(`${variant}, output ${output}, element ${i}: expected ${y}, received ${x}`);
    });
  });
}

/** A small deterministic generator (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Ordinary values of a dtype: floats about [-3, 3], small integers, both bools. */
export function randomArray(type: TensorType, random: () => number): HostArray {
  const { host, kind, bits } = dtypes[type.dtype];
  const data = new host(sizeOf(type.shape));
  for (let i = 0; i < data.length; i++) {
    const unit = random() * 2 - 1;
    if (type.dtype === 'bfloat16') data[i] = (unit < 0 ? 0x8000 : 0) | (0x3f00 + Math.floor(random() * 0x180));
    else if (type.dtype === 'float16') data[i] = (unit < 0 ? 0x8000 : 0) | (0x3000 + Math.floor(random() * 0x1000));
    else if (kind === 'float') data[i] = unit * 3;
    else if (kind === 'bool') data[i] = unit < 0 ? 0 : 1;
    else {
      const value = Math.floor(kind === 'uint' ? (unit + 1) * 60 : unit * 100);
      data[i] = bits === 64 ? (BigInt(value) as never) : value;
    }
  }
  return data;
}

export function randomInputs(program: Program, seed = 1): HostArray[] {
  const random = generator(seed);
  return inputTypes(program).map((type) => randomArray(type, random));
}
