import type { Emitter, Value } from '../builder.js';
import { constantLike } from '../emit/constant.js';
import { add, compare, multiply, select } from '../emit/elementwise.js';

/** A polynomial in (x − center), valid below `until`. */
export interface Segment {
  readonly until: number;
  readonly center: number;
  /** Highest power first. */
  readonly coefficients: readonly number[];
}

/** Horner's rule. */
export function polynomial(emitter: Emitter, x: Value, coefficients: readonly number[]): Value {
  const [first, ...rest] = coefficients;
  let sum = constantLike(emitter, x, first!);
  for (const coefficient of rest) sum = add(emitter, multiply(emitter, sum, x), constantLike(emitter, x, coefficient));
  return sum;
}

/** `values[i]` where x is below the i-th boundary and not below an earlier one; the last value from there on. */
export function piecewise(emitter: Emitter, x: Value, boundaries: readonly number[], values: readonly Value[]): Value {
  let result = values[boundaries.length]!;
  for (let i = boundaries.length - 1; i >= 0; i--) {
    const below = compare(emitter, x, constantLike(emitter, x, boundaries[i]!), 'LT');
    result = select(emitter, below, values[i]!, result);
  }
  return result;
}
