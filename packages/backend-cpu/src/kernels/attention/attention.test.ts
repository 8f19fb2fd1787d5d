import {
  buildProgram,
  type HostArray,
  negotiate,
  type Shape,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import { attention } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { expectProgram, generator, plain, randomArray } from '../../test-support/check.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const bool = (...shape: number[]): TensorType => tensorType('bool', shape);

interface Case {
  readonly name: string;
  readonly batch?: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads?: number;
  readonly groups?: number;
  readonly depth?: number;
  readonly width?: number;
  readonly causal?: boolean;
  readonly bias?: Shape;
  readonly mask?: Shape;
  /** The mask; a random one otherwise. */
  readonly seen?: (query: number, key: number) => boolean;
}

const cases: readonly Case[] = [
  { name: 'one block', queries: 16, keys: 16 },
  { name: 'several blocks', queries: 100, keys: 200, heads: 2, groups: 2, depth: 16, width: 16 },
  { name: 'odd sizes', batch: 2, queries: 53, keys: 99, heads: 3, groups: 3, depth: 7, width: 5 },
  { name: 'a depth of one', queries: 49, keys: 17, depth: 1, width: 1 },
  { name: 'causal', batch: 2, queries: 131, keys: 131, heads: 2, groups: 2, depth: 8, width: 12, causal: true },
  { name: 'causal, more keys than queries', queries: 20, keys: 230, depth: 4, width: 4, causal: true },
  { name: 'causal, more queries than keys', queries: 150, keys: 30, depth: 4, width: 4, causal: true },
  { name: 'grouped heads', batch: 2, queries: 50, keys: 100, heads: 6, groups: 2, depth: 5, width: 9 },
  {
    name: 'many groups of keys',
    batch: 5,
    queries: 60,
    keys: 98,
    heads: 4,
    groups: 2,
    depth: 6,
    width: 4,
    causal: true,
  },
  { name: 'a mask of keys', batch: 2, queries: 50, keys: 97, heads: 2, groups: 2, mask: [2, 1, 1, 97] },
  { name: 'a mask of queries', queries: 50, keys: 97, heads: 2, groups: 1, mask: [1, 1, 50, 1] },
  { name: 'a full mask', batch: 2, queries: 50, keys: 97, heads: 2, groups: 1, mask: [2, 2, 50, 97] },
  {
    name: 'rows that see nothing, causal',
    ...{ batch: 2, queries: 110, keys: 110, heads: 2, groups: 2, causal: true, mask: [1, 2, 110, 110] },
    seen: (query, key) => query % 3 !== 1 && key !== query,
  },
  {
    name: 'the first block of keys hidden',
    ...{ queries: 50, keys: 250, mask: [1, 1, 50, 250] },
    seen: (_query, key) => key > 100,
  },
  { name: 'a bias of everything', batch: 2, queries: 50, keys: 99, heads: 4, groups: 2, bias: [2, 4, 50, 99] },
  { name: 'a bias of heads', batch: 9, queries: 50, keys: 99, heads: 2, groups: 2, bias: [1, 2, 50, 99] },
  { name: 'a bias of keys', batch: 2, queries: 50, keys: 99, heads: 2, groups: 1, bias: [2, 1, 1, 99] },
  { name: 'a bias of queries', batch: 2, queries: 50, keys: 99, heads: 2, groups: 1, bias: [1, 2, 50, 1] },
  {
    name: 'bias, mask and causal',
    ...{ batch: 2, queries: 120, keys: 110, heads: 2, groups: 1, causal: true, bias: [1, 2, 120, 110] },
    mask: [2, 1, 1, 110],
  },
];

function typesOf({
  batch = 1,
  queries,
  keys,
  heads = 1,
  groups = 1,
  depth = 8,
  width = 8,
  bias,
  mask,
}: Case): TensorType[] {
  return [
    ...[f32(batch, queries, heads, depth), f32(batch, keys, groups, depth), f32(batch, keys, groups, width)],
    ...(bias === undefined ? [] : [f32(...bias)]),
    ...(mask === undefined ? [] : [bool(...mask)]),
  ];
}

function operandsOf(one: Case, types: readonly TensorType[]): HostArray[] {
  const random = generator(7);
  return types.map((type) => {
    if (type.dtype !== 'bool' || one.seen === undefined) return randomArray(type, random);
    const [rows, columns] = type.shape.slice(-2) as [number, number];
    return Uint8Array.from({ length: type.shape.reduce((a, b) => a * b) }, (_, i) =>
      Number(one.seen!(Math.floor(i / columns) % rows, i % columns)),
    );
  });
}

const attributesOf = ({ causal = false }: Case) => ({ scale: 0.3, causal });

describe('attention', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const types = typesOf(one);
    const program = buildProgram(types, (e, ...values) => emit.composite(e, attention, values, attributesOf(one)));
    expectProgram(program, operandsOf(one, types), { relative: 3e-6 });
  });

  it.each(cases.map((one) => [one.name, one] as const))('gradient: %s', (_, one) => {
    const types = typesOf(one);
    const { batch = 1, queries, heads = 1, width = 8 } = one;
    const cotangents = [f32(batch, queries, heads, width), f32(batch, heads, queries)];
    const program = buildProgram([...types, ...cotangents], (e, ...values) => {
      const { residuals } = attention.vjp!.forward(e, values.slice(0, types.length), attributesOf(one));
      const gradients = attention.vjp!.backward(e, residuals, values.slice(types.length), attributesOf(one));
      return gradients.filter((gradient): gradient is Value => gradient !== undefined);
    });
    const random = generator(8);
    const inputs = [...operandsOf(one, types), ...cotangents.map((type) => randomArray(type, random))];
    expectProgram(program, inputs, { relative: 5e-6 });
  });

  it('keeps what is not a number in its row', () => {
    const one = { name: '', queries: 50, keys: 99 };
    const types = typesOf(one);
    const program = buildProgram(types, (e, ...values) => emit.composite(e, attention, values, attributesOf(one)));
    const operands = operandsOf(one, types);
    operands[0]![17 * 8 + 2] = Number.NaN;
    expectProgram(program, operands, { relative: 3e-6 });
  });

  it('is expanded where it is short, or not of float32', () => {
    const kindOf = (type: TensorType): string => {
      const attributes = { name: 'ceratops.attention@1', attributes: { scale: 1 } };
      return plain.query({ op: 'composite', operands: [type, type, type], results: [type], attributes }).kind;
    };
    expect(kindOf(f32(1, 16, 1, 4))).toBe('native');
    expect(kindOf(f32(1, 15, 1, 4))).toBe('decompose');
    expect(kindOf(f32(0, 16, 1, 4))).toBe('decompose');
    expect(kindOf(tensorType('float64', [1, 16, 1, 4]))).toBe('decompose');
  });

  it('is never expanded into a matrix of scores', () => {
    const [queries, heads, depth] = [2048, 2, 16];
    const rows = f32(1, queries, heads, depth);
    const types = [rows, rows, rows];
    const attributes = { scale: 0.25, causal: false };
    const program = buildProgram([...types, rows, f32(1, heads, queries)], (e, ...values) => {
      const { residuals } = attention.vjp!.forward(e, values.slice(0, 3), attributes);
      const gradients = attention.vjp!.backward(e, residuals, values.slice(3), attributes);
      return gradients.map((gradient) => gradient!);
    });
    const executable = plain.compile(negotiate(program, plain));
    expect(executable.temporaryBytes).toBeLessThan(16 * queries * heads * depth * 4);
    expect(executable.temporaryBytes).toBeLessThan((queries * queries * 4) / 2);
    executable.release();
  });
});
