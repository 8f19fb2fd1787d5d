import { describe, expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import type { Value } from '../builder.js';
import type { CompositeAttributes } from '../composite.js';
import type { HostArray } from '../dtype.js';
import * as emit from '../emit/index.js';
import { evaluateProgram } from '../evaluator/index.js';
import { expandComposites } from '../expand.js';
import { validateProgram } from '../program/validate.js';
import { sizeOf, type TensorType, tensorType } from '../tensor-type.js';
import { attention } from './index.js';

const f64 = (...shape: number[]): TensorType => tensorType('float64', shape);
const bool = (...shape: number[]): TensorType => tensorType('bool', shape);

/** Fixed numbers in (-1, 1) without a pattern. */
function numbers({ shape }: TensorType, seed: number): Float64Array {
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));
}

interface Case {
  readonly name: string;
  readonly types: readonly TensorType[];
  readonly attributes: CompositeAttributes;
  readonly mask?: readonly number[];
}

const qkv = [f64(2, 3, 2, 4), f64(2, 5, 2, 4), f64(2, 5, 2, 3)];
const cases: readonly Case[] = [
  { name: 'plain', types: qkv, attributes: { scale: 0.5, causal: false } },
  { name: 'causal', types: qkv, attributes: { scale: 0.7, causal: true } },
  { name: 'grouped heads', types: [f64(1, 3, 4, 2), f64(1, 4, 2, 2), f64(1, 4, 2, 2)], attributes: { scale: 1 } },
  { name: 'bias of one head', types: [...qkv, f64(1, 1, 3, 5)], attributes: { scale: 0.5, causal: false } },
  {
    name: 'mask with a row that sees nothing',
    types: [...qkv, bool(1, 1, 3, 5)],
    attributes: { scale: 0.5, causal: false },
    mask: [1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0],
  },
  {
    name: 'bias, mask of keys, causal',
    types: [...qkv, f64(2, 2, 3, 5), bool(2, 1, 1, 5)],
    attributes: { scale: 0.5, causal: true },
    mask: [1, 1, 0, 1, 1, 1, 0, 1, 1, 0],
  },
];

function operandsOf({ types, mask }: Case): HostArray[] {
  return types.map((type, i) => (type.dtype === 'bool' ? Uint8Array.from(mask!) : numbers(type, i)));
}

/** Element [b, n, t, s] of a tensor that broadcasts to the scores. */
function at({ shape }: TensorType, data: HostArray, index: readonly number[]): number {
  return Number(data[shape.reduce((flat, size, axis) => flat * size + (size === 1 ? 0 : index[axis]!), 0)]);
}

/** The definition, element by element: the output, then the rows' log-sums. */
function formula({ types, attributes }: Case, operands: readonly HostArray[]): [number[], number[]] {
  const [[B, T, N, D], [, S, K], [, , , V]] = types.map(({ shape }) => shape) as [number[], number[], number[]];
  const extras = types.slice(3).map((type, i) => ({ type, data: operands[i + 3]! }));
  const element = (i: 0 | 1 | 2, b: number, t: number, n: number, d: number): number =>
    Number(operands[i]![((b * types[i]!.shape[1]! + t) * types[i]!.shape[2]! + n) * types[i]!.shape[3]! + d]);
  const output: number[] = new Array(B! * T! * N! * V!).fill(0);
  const sums: number[] = [];
  for (let b = 0; b < B!; b++)
    for (let n = 0; n < N!; n++)
      for (let t = 0; t < T!; t++) {
        const head = Math.floor((n * K!) / N!);
        const weights = Array.from({ length: S! }, (_, s) => {
          let score = 0;
          for (let d = 0; d < D!; d++) score += element(0, b, t, n, d) * element(1, b, s, head, d);
          score *= attributes.scale as number;
          let seen = attributes.causal !== true || s <= t;
          for (const { type, data } of extras) {
            if (type.dtype === 'bool') seen &&= at(type, data, [b, n, t, s]) !== 0;
            else score += at(type, data, [b, n, t, s]);
          }
          return seen ? Math.exp(score) : 0;
        });
        const nothing = weights.every((weight) => weight === 0);
        const used = nothing ? weights.map(() => 1) : weights;
        const total = used.reduce((sum, weight) => sum + weight, 0);
        sums.push(Math.log(total));
        for (let v = 0; v < V!; v++)
          for (let s = 0; s < S!; s++)
            output[((b * T! + t) * N! + n) * V! + v]! += (used[s]! / total) * element(2, b, s, head, v);
      }
  return [output, sums];
}

/** Σ g·output + Σ h·sums. */
function objective(golden: Case, operands: readonly HostArray[], g: Float64Array, h: Float64Array): number {
  const [output, sums] = formula(golden, operands);
  const inner = (a: Float64Array, b: readonly number[]): number => b.reduce((sum, x, i) => sum + a[i]! * x, 0);
  return inner(g, output) + inner(h, sums);
}

describe('attention', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s: is its formula', (_, one) => {
    const program = buildProgram(one.types, (e, ...values) => emit.composite(e, attention, values, one.attributes));
    const expanded = expandComposites(program, () => false);
    validateProgram(expanded);
    const operands = operandsOf(one);
    const results = evaluateProgram(expanded, operands);
    formula(one, operands).forEach((expected, i) => {
      expected.forEach((value, k) => {
        expect(results[i]![k]).toBeCloseTo(value, 12);
      });
    });
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s: gradients agree with central differences', (_, one) => {
    const program = buildProgram(one.types, (e, ...values) => emit.composite(e, attention, values, one.attributes));
    const cotangents = program.outputs.map((_output, i) => {
      const { shape } = one.types[0]!;
      return i === 0
        ? f64(shape[0]!, shape[1]!, shape[2]!, one.types[2]!.shape[3]!)
        : f64(shape[0]!, shape[2]!, shape[1]!);
    });
    const backward = buildProgram([...one.types, ...cotangents], (e, ...values) => {
      const own = values.slice(0, one.types.length);
      const { residuals } = attention.vjp!.forward(e, own, one.attributes);
      const gradients = attention.vjp!.backward(e, residuals, values.slice(one.types.length), one.attributes);
      return gradients.filter((gradient): gradient is Value => gradient !== undefined);
    });
    const operands = operandsOf(one);
    const [g, h] = cotangents.map((type, i) => numbers(type, 10 + i)) as [Float64Array, Float64Array];
    const gradients = evaluateProgram(
      expandComposites(backward, () => false),
      [...operands, g, h],
    );
    const floats = one.types.flatMap(({ dtype }, i) => (dtype === 'bool' ? [] : [i]));
    floats.forEach((operand, i) => {
      const step = 1e-5;
      for (const k of operands[operand]!.keys()) {
        const moved = (by: number): number => {
          const copy = operands.map((array) => array.slice() as HostArray);
          (copy[operand] as Float64Array)[k]! += by;
          return objective(one, copy, g, h);
        };
        const slope = (moved(step) - moved(-step)) / (2 * step);
        expect(Math.abs(Number(gradients[i]![k]) - slope), `operand ${operand}, ${k}`).toBeLessThan(1e-8);
      }
    });
  });

  it('says what it takes', () => {
    const build = (...types: TensorType[]) =>
      buildProgram(types, (e, ...v) => emit.composite(e, attention, v, { scale: 1 }));
    expect(() => build(f64(1, 2, 2, 4), f64(1, 2, 2, 3), f64(1, 2, 2, 4))).toThrow(/operands do not fit/);
    expect(() => build(f64(1, 2, 3, 4), f64(1, 2, 2, 4), f64(1, 2, 2, 4))).toThrow(/operands do not fit/);
    expect(() => build(...qkv, bool(1, 1, 1, 4))).toThrow(
      /does not broadcast, expected \[2,2,3,5\] or 1 in its place, received \[1,1,1,4\]/,
    );
    expect(() => build(f64(1, 2, 2, 4))).toThrow(/query, key, value/);
  });
});
