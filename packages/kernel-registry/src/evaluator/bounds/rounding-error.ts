/** How far from the exact number the result of an operation may lie that rounds to a dtype. */

import type { DType } from '../../dtype.js';
import { roundResult } from '../rounding.js';

interface Precision {
  /** Half a unit in the last place of 1. */
  readonly unit: number;
  /** The smallest subnormal number. */
  readonly smallest: number;
  readonly largest: number;
  /** Every integer up to here is exact. */
  readonly integers: number;
}

const float32: Precision = { unit: 2 ** -24, smallest: 2 ** -149, largest: 3.4028234663852886e38, integers: 2 ** 24 };
/** Twice the unit of float64: the numbers that these bounds are for are float64 themselves. */
const float64: Precision = { unit: 2 ** -52, smallest: 2 ** -1073, largest: Number.MAX_VALUE, integers: 2 ** 53 };

const precisions: { readonly [D in DType]?: Precision } = {
  float16: { unit: 2 ** -11, smallest: 2 ** -24, largest: 65504, integers: 2 ** 11 },
  bfloat16: { unit: 2 ** -8, smallest: 2 ** -133, largest: 3.3895313892515355e38, integers: 2 ** 8 },
  float32,
  float64,
};

/** Every function of a float dtype is within so many units in the last place of the exact number, rounding included. */
const functionUlps = 2;

export class RoundingError {
  readonly precision: Precision;
  /** What 16-bit floats compute in. */
  readonly wide: Precision;
  readonly #round: ((x: number) => number) | undefined;

  constructor(dtype: DType) {
    this.precision = precisions[dtype]!;
    this.wide = dtype === 'float64' ? float64 : float32;
    this.#round = dtype === 'float64' ? undefined : roundResult[dtype];
  }

  /** The error of `x`, exact but for `spread`, once it is rounded; unbounded where it may overflow. */
  ofRounding(x: number, spread: number): number {
    if (spread === 0 && this.#round !== undefined) return finite(Math.abs(x - this.#round(x)));
    const { unit, smallest } = this.precision;
    return this.#inRange(x, spread + unit * (Math.abs(x) + spread) + smallest);
  }

  /** The error of a number that is not rounded again. */
  ofExact(x: number, spread: number): number {
    return spread === 0 ? 0 : this.#inRange(x, spread);
  }

  /** The error of an elementary function whose value is `x` but for `spread`. */
  ofFunction(x: number, spread: number): number {
    const { unit, smallest } = this.wide;
    const computed = spread + functionUlps * (2 * unit * (Math.abs(x) + spread) + smallest);
    if (this.wide === this.precision) return this.#inRange(x, computed);
    return this.ofRounding(x, computed);
  }

  /** The factor γ of n roundings, one after the other, of sums in the dtype. */
  ofSum(terms: number, { unit }: Precision = this.precision): number {
    const product = terms * unit;
    return product < 1 ? product / (1 - product) : Number.POSITIVE_INFINITY;
  }

  #inRange(x: number, error: number): number {
    return Math.abs(x) + error <= this.precision.largest ? error : Number.POSITIVE_INFINITY;
  }
}

/** No number means no bound. */
export function finite(error: number): number {
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

const known = new Map<DType, RoundingError>();

export function roundingErrorOf(dtype: DType): RoundingError {
  let error = known.get(dtype);
  if (error === undefined) known.set(dtype, (error = new RoundingError(dtype)));
  return error;
}
