/** Elementary functions of float32 against Math in float64: at most two units in the last place. */

import { buildProgram, type Emitter, tensorType, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import type { CpuBackend } from '../backend.js';
import { generator, plain, relaxed, relaxedRuns, runOn } from '../test-support/check.js';

const functions: readonly (readonly [
  name: string,
  emit: (e: Emitter, x: Value) => Value,
  reference: (x: number) => number,
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

/** Distance in units of the reference's last place, subnormal spacing at least. */
function ulps(actual: number, exact: number): number {
  if (Object.is(actual, Math.fround(exact))) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(Math.fround(exact))) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126);
  return Math.abs(actual - exact) / 2 ** (exponent - 23);
}

const variants: readonly (readonly [string, CpuBackend])[] = [
  ['plain', plain],
  ['relaxed', relaxed],
];
const samples = 40_000;

describe.each(variants)('%s', (variant, backend) => {
  it.skipIf(variant === 'relaxed' && !relaxedRuns).each(functions)('%s', (name, body, reference, ranges) => {
    const random = generator(11);
    const x = new Float32Array(samples * ranges.length);
    ranges.forEach(([low, high], r) => {
      for (let i = 0; i < samples; i++) x[r * samples + i] = low + (high - low) * random();
    });
    const program = buildProgram([tensorType('float32', [x.length])], (e, value) => [body(e, value!)]);
    const [y] = runOn(backend, program, [x]);
    let [worst, at] = [0, 0];
    x.forEach((value, i) => {
      const distance = ulps(Number(y![i]), reference(value));
      if (distance > worst) [worst, at] = [distance, value];
    });
    console.log(`${variant} ${name}: ${worst.toFixed(2)} ulp at ${at}`);
    expect(worst).toBeLessThanOrEqual(2);
  });
});
