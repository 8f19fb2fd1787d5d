import {
  type BinaryOp,
  buildProgram,
  type ComparisonDirection,
  type DType,
  dtypes,
  type HostArray,
  infer,
  isCeratopsError,
  type Program,
  tensorType,
  type UnaryOp,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, it } from 'vitest';
import { expectProgram, generator, randomArray, randomInputs } from '../test-support/check.js';

const dtypesHere = (Object.keys(dtypes) as DType[]).filter((dtype) => dtypes[dtype].kind !== 'complex');
/** Lengths with and without whole vectors. */
const sizes = [1, 3, 4, 37];

const unary: readonly UnaryOp[] = [
  'abs',
  'negate',
  'sign',
  'floor',
  'ceil',
  'round_nearest_even',
  'exponential',
  'exponential_minus_one',
  'log',
  'log_plus_one',
  'sqrt',
  'sine',
  'cosine',
  'tanh',
  'is_finite',
  'not',
];
const binary: readonly BinaryOp[] = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'remainder',
  'power',
  'maximum',
  'minimum',
  'atan2',
  'and',
  'or',
  'xor',
  'shift_left',
  'shift_right_arithmetic',
  'shift_right_logical',
];
const directions: readonly ComparisonDirection[] = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'];

/** Undefined where the op does not take the dtype. */
function programOf(op: UnaryOp | BinaryOp, dtype: DType, size: number): Program | undefined {
  const type = tensorType(dtype, [size]);
  const operands = (unary as readonly string[]).includes(op) ? [type] : [type, type];
  try {
    infer(op, operands, {});
  } catch (error) {
    if (isCeratopsError(error)) return undefined;
    throw error;
  }
  return buildProgram(operands, (e, ...values) => e.emit(op, values, {}));
}

/** Values where the rules are special: zeros, ends of the range, NaN, infinities. */
function edges(dtype: DType): HostArray {
  const { host, kind, bits } = dtypes[dtype];
  if (dtype === 'float16') return Uint16Array.of(0, 0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e00, 1, 0x7bff, 0x4100);
  if (dtype === 'bfloat16') return Uint16Array.of(0, 0x8000, 0x3f80, 0xbf80, 0x7f80, 0xff80, 0x7fc0, 1, 0x7f7f, 0x4020);
  if (kind === 'float') return host === Float32Array ? Float32Array.from(floatEdges) : Float64Array.from(floatEdges);
  if (kind === 'bool') return Uint8Array.of(0, 1, 1, 0, 1);
  const low = kind === 'int' ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(kind === 'int' ? bits - 1 : bits) - 1n;
  const values = [0n, 1n, kind === 'int' ? -1n : high, low, high, 2n, 3n, 7n, BigInt(bits), BigInt(bits - 1)];
  const data = new host(values.length);
  values.forEach((value, i) => {
    data[i] = (bits === 64 ? value : Number(value)) as never;
  });
  return data;
}

const floatEdges = [
  0,
  -0,
  1,
  -1,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  1e-40,
  3e38,
  2.5,
  -2.5,
  0.5,
  88.7,
  -104,
];

/** Every value against every value. */
function pairs(data: HostArray): [HostArray, HostArray] {
  const { length } = data;
  const host = data.constructor as new (length: number) => HostArray;
  const [left, right] = [new host(length * length), new host(length * length)];
  for (let i = 0; i < length * length; i++) {
    left[i] = data[Math.floor(i / length)] as never;
    right[i] = data[i % length] as never;
  }
  return [left, right];
}

describe.each(dtypesHere)('%s', (dtype) => {
  it.each(unary)('%s', (op) => {
    for (const size of sizes) {
      const program = programOf(op, dtype, size);
      if (program !== undefined) expectProgram(program, randomInputs(program, size));
    }
    const data = edges(dtype);
    const program = programOf(op, dtype, data.length);
    if (program !== undefined) expectProgram(program, [data]);
  });

  it.each(binary)('%s', (op) => {
    for (const size of sizes) {
      const program = programOf(op, dtype, size);
      if (program !== undefined) expectProgram(program, randomInputs(program, size));
    }
    const [left, right] = pairs(edges(dtype));
    const program = programOf(op, dtype, left.length);
    if (program !== undefined) expectProgram(program, [left, right]);
  });

  it.each(directions)('compare %s', (direction) => {
    const [left, right] = pairs(edges(dtype));
    const type = tensorType(dtype, [left.length]);
    expectProgram(
      buildProgram([type, type], (e, a, b) => e.emit('compare', [a!, b!], { direction })),
      [left, right],
    );
  });

  it('select', () => {
    const random = generator(5);
    const type = tensorType(dtype, [37]);
    const mask = tensorType('bool', [37]);
    const program = buildProgram([mask, type, type], (e, c, a, b) => [emit.select(e, c!, a!, b!)]);
    expectProgram(
      program,
      [mask, type, type].map((t) => randomArray(t, random)),
    );
  });

  it.each(dtypesHere)('convert to %s', (target) => {
    const random = generator(9);
    const type = tensorType(dtype, [37]);
    const program = buildProgram([type], (e, a) => [emit.convert(e, a!, target)]);
    expectProgram(program, [randomArray(type, random)]);
    const data = edges(dtype);
    const special = tensorType(dtype, [data.length]);
    expectProgram(
      buildProgram([special], (e, a) => [emit.convert(e, a!, target)]),
      [data],
    );
  });

  it('bit casts to the types of its width', () => {
    const same = dtypesHere.filter((other) => other !== 'bool' && dtypes[other].bits === dtypes[dtype].bits);
    for (const target of same) {
      const data = edges(dtype);
      const [from, to] = [tensorType(dtype, [data.length]), tensorType(target, [data.length])];
      const program = buildProgram([from], (e, a) => e.emit('bitcast_convert', [a!], { type: to }));
      // NaN payloads are the engine's own affair.
      if (dtypes[dtype].kind !== 'float') expectProgram(program, [data]);
      else expectProgram(program, [randomArray(from, generator(3))]);
    }
  });
});
