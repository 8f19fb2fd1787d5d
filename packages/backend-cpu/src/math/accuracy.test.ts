/**
 * Elementary functions of float32 against float64: at most two units in the last place where nothing else is said, and IEEE's values
 * where it names them.
 */

import {
  buildProgram,
  type CompositeDefinition,
  type Emitter,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import { erf as erfComposite, logistic } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import type { CpuBackend } from '../backend.js';
import { generator, plain, relaxed, relaxedRuns, runOn } from '../test-support/check.js';

const composite =
  (definition: CompositeDefinition) =>
  (e: Emitter, x: Value): Value =>
    emit.composite(e, definition, [x], {})[0]!;
const erf = composite(erfComposite);

/** By the formulas for float64, which share nothing with the code here. */
function erfReference(x: Float64Array): Float64Array {
  const program = buildProgram([tensorType('float64', [x.length])], (e, value) => [erf(e, value!)]);
  return evaluateProgram(program, [x])[0] as Float64Array;
}

const functions: readonly (readonly [
  name: string,
  emit: (e: Emitter, x: Value) => Value,
  reference: ((x: number) => number) | typeof erfReference,
  ranges: readonly (readonly [number, number])[],
])[] = [
  [
    'exp',
    emit.exponential,
    Math.exp,
    [
      [-104, 89],
      [-1, 1],
      [-88, -87],
      [-1e-5, 1e-5],
    ],
  ],
  [
    'expm1',
    emit.exponentialMinusOne,
    Math.expm1,
    [
      [-104, 89],
      [-1.5, 1.5],
      [-1e-4, 1e-4],
      [-0.8, 0.8],
    ],
  ],
  [
    'log',
    emit.log,
    Math.log,
    [
      [1e-38, 1e-30],
      [0, 4],
      [0.9, 1.1],
      [0, 1e38],
      [1e-45, 1e-38],
    ],
  ],
  [
    'log1p',
    emit.logPlusOne,
    Math.log1p,
    [
      [-1, 1],
      [-0.3, 0.5],
      [-1e-4, 1e-4],
      [0, 1e38],
      [0, 1e8],
    ],
  ],
  [
    'tanh',
    emit.tanh,
    Math.tanh,
    [
      [-10, 10],
      [-1, 1],
      [-1e-3, 1e-3],
      [0.6, 0.65],
    ],
  ],
  [
    'erf',
    erf,
    erfReference,
    [
      [-4.5, 4.5],
      [-1, 1],
      [0.18, 0.26],
      [-1e-3, 1e-3],
    ],
  ],
  [
    'logistic',
    composite(logistic),
    (x: number) => 1 / (1 + Math.exp(-x)),
    [
      [-10, 10],
      [-1, 1],
      [-105, 90],
      [-88.5, -87],
      [-1e-3, 1e-3],
    ],
  ],
  [
    'sin',
    emit.sine,
    Math.sin,
    [
      [-4, 4],
      [-1e-3, 1e-3],
      [-1e4, 1e4],
      [-1e6, 1e6],
      [-1e30, 1e30],
    ],
  ],
  [
    'cos',
    emit.cosine,
    Math.cos,
    [
      [-4, 4],
      [1.5, 1.6],
      [-1e4, 1e4],
      [-1e6, 1e6],
      [-1e30, 1e30],
    ],
  ],
];

/** A quotient of which both sides are rounded. */
const limits: { readonly [name: string]: number } = { logistic: 2.5 };

/** Distance in units of the reference's last place, subnormal spacing at least. */
function ulps(actual: number, exact: number): number {
  if (Object.is(actual, Math.fround(exact))) return 0;
  if (exact === 0 || !Number.isFinite(actual) || !Number.isFinite(Math.fround(exact))) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126);
  return Math.abs(actual - exact) / 2 ** (exponent - 23);
}

const variants: readonly (readonly [string, CpuBackend])[] = [
  ['plain', plain],
  ['relaxed', relaxed],
];
const samples = 40_000;
const special = [
  0,
  Number.POSITIVE_INFINITY,
  1,
  2 ** -149,
  2 ** -126,
  2 - 2 ** -23,
  3.4028234663852886e38,
  88.72284,
  103.98,
];
const edges = [Number.NaN, ...special, ...special.map((value) => -value)];

/** Numbers of each range, of each exponent with either sign, and those that need care. */
function samplesOf(ranges: readonly (readonly [number, number])[]): Float32Array {
  const random = generator(11);
  const inRanges = ranges.flatMap(([low, high]) =>
    Array.from({ length: samples }, () => low + (high - low) * random()),
  );
  const bits = Array.from({ length: 2 ** 16 }, (_, i) => (i << 16) | Math.floor(random() * 2 ** 16));
  const ofExponents = new Float32Array(Int32Array.from(bits).buffer);
  return Float32Array.from([...edges, ...ofExponents, ...inRanges]);
}

function compute(backend: CpuBackend, body: (e: Emitter, x: Value) => Value, x: Float32Array): Float32Array {
  const program = buildProgram([tensorType('float32', [x.length])], (e, value) => [body(e, value!)]);
  return runOn(backend, program, [x])[0] as Float32Array;
}

describe.each(variants)('%s', (variant, backend) => {
  const cases = it.skipIf(variant === 'relaxed' && !relaxedRuns);

  cases.each(functions)('%s', (name, body, reference, ranges) => {
    const x = samplesOf(ranges);
    const wide = Float64Array.from(x);
    const exact = reference === erfReference ? erfReference(wide) : wide.map(reference as (x: number) => number);
    const y = compute(backend, body, x);
    let [worst, at] = [0, 0];
    x.forEach((value, i) => {
      const distance = ulps(y[i]!, exact[i]!);
      if (distance > worst) [worst, at] = [distance, value];
    });
    console.log(`${variant} ${name}: ${worst.toFixed(2)} ulp at ${at}`);
    expect(worst).toBeLessThanOrEqual(limits[name] ?? 2);
  });

  cases.each(functions)('%s: the same bits in a vector and in what is left of one', (_name, body, _, ranges) => {
    const x = samplesOf(ranges).slice(0, 999);
    const bits = (y: Float32Array): Int32Array => new Int32Array(y.buffer, y.byteOffset, y.length);
    const whole = bits(compute(backend, body, x));
    for (const length of [1, 2, 3]) {
      for (let from = 0; from + length <= 60; from += length) {
        const part = compute(backend, body, x.slice(from, from + length));
        expect(bits(part), `${length} from ${from}`).toEqual(whole.slice(from, from + length));
      }
    }
  });
});
