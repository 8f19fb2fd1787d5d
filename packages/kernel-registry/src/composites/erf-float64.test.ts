/** Against the Taylor series of erf in exact integer arithmetic, 70 digits behind the point. */

import { describe, expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import type { CompositeDefinition } from '../composite.js';
import * as emit from '../emit/index.js';
import { evaluateProgram } from '../evaluator/index.js';
import { tensorType } from '../tensor-type.js';
import { erf, erfInv } from './index.js';

const one = 10n ** 70n;
const pi = 31415926535897932384626433832795028841971693993751058209749445923078164n;
const rootOfPi = integerRoot(pi * one);

function integerRoot(value: bigint): bigint {
  let low = value;
  for (let next = (low + 1n) / 2n; next < low; next = (low + value / low) / 2n) low = next;
  return low;
}

/** A double, exactly (numbers below 1e-17 to 53 digits). */
function exact(x: number): bigint {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  const mantissa = BigInt(Math.round((x / 2 ** exponent) * 2 ** 52));
  const shift = BigInt(52 - exponent);
  return shift >= 0n ? (mantissa * one) >> shift : (mantissa * one) << -shift;
}

function exactErf(x: number): bigint {
  const value = exact(x);
  const square = (value * value) / one;
  let term = value;
  let sum = value;
  for (let n = 1n; n < 500n && term !== 0n; n++) {
    term = (-term * square) / one / n;
    sum += term / (2n * n + 1n);
  }
  return (2n * sum * one) / rootOfPi;
}

function asNumber(value: bigint): number {
  return Number(value / 10n ** 20n) / 1e50;
}

function ulp(x: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52);
}

function run(definition: CompositeDefinition, values: readonly number[]): number[] {
  const type = tensorType('float64', [values.length]);
  const program = buildProgram([type], (e, x) => emit.composite(e, definition, [x!]));
  return Array.from(evaluateProgram(program, [Float64Array.from(values)])[0] as Float64Array);
}

/** Both branches, their boundary, and what is hard: tiny arguments, and those next to 1. */
const line = Array.from({ length: 1300 }, (_, i) => (i + 0.37) / 210);
const tiny = [1e-3, 1e-9, 1e-15, 3e-20];
const around = [1 - 2 ** -53, 1, 1 + 2 ** -52];

describe('erf in float64', () => {
  const points = [...line, ...tiny, ...around].flatMap((x) => [x, -x]);

  it('is within 2 ULP', () => {
    run(erf, points).forEach((value, i) => {
      const error = asNumber(exact(value) - exactErf(points[i]!));
      expect(Math.abs(error) / ulp(value), `erf(${points[i]}) = ${value}`).toBeLessThan(2);
    });
  });

  it('keeps zeros, NaN, infinities and the smallest numbers', () => {
    const smallest = 2 ** -1022;
    expect(run(erf, [0, Number.NaN, Infinity, -Infinity, 1e300, smallest])).toEqual([
      0,
      Number.NaN,
      1,
      -1,
      1,
      (smallest * 2) / Math.sqrt(Math.PI),
    ]);
  });
});

describe('the inverse in float64', () => {
  const inside = line.map((x) => x / 6.5).filter((x) => x < 1);
  const nearOne = Array.from({ length: 52 }, (_, i) => 1 - 2 ** -(i + 2));
  const points = [...inside, ...nearOne, ...tiny].flatMap((x) => [x, -x]);

  it('is within 3 ULP', () => {
    run(erfInv, points).forEach((value, i) => {
      // The error in y by what is left in x, over the slope there.
      const residual = asNumber(exactErf(value) - exact(points[i]!));
      const error = (residual * Math.sqrt(Math.PI) * Math.exp(value * value)) / 2;
      expect(Math.abs(error) / ulp(value), `erf⁻¹(${points[i]}) = ${value}`).toBeLessThan(3);
    });
  });

  it('keeps zero and NaN, ends at ±∞ and is NaN beyond', () => {
    expect(run(erfInv, [0, Number.NaN, 1, -1, 1.5])).toEqual([0, Number.NaN, Infinity, -Infinity, Number.NaN]);
    expect(run(erfInv, [1e-300])[0]).toBeCloseTo((1e-300 * Math.sqrt(Math.PI)) / 2, 310);
  });
});
