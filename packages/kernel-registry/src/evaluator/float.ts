/** Element functions of the floats: computed in float64, then rounded to the dtype. */

import { type Family, orderedComparison } from './family.js';
import type { Round } from './rounding.js';

function roundNearestEven(x: number): number {
  const floor = Math.floor(x);
  const fraction = x - floor;
  if (fraction === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return fraction < 0.5 ? floor : floor + 1;
}

/** Keeps the sign of a zero or of a result that became zero. */
function withSign(result: number, x: number): number {
  return result === 0 && (x < 0 || Object.is(x, -0)) ? -0 : result;
}

/** C's pow; JavaScript's differs for a base of ±1 and for 1 ** NaN. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  return base ** exponent;
}

export function floatFamily(round: Round): Family<number> {
  return {
    unary: {
      abs: Math.abs,
      negate: (x) => -x,
      sign: Math.sign,
      floor: Math.floor,
      ceil: Math.ceil,
      round_nearest_even: (x) => (Number.isFinite(x) ? withSign(roundNearestEven(x), x) : x),
      exponential: (x) => round(Math.exp(x)),
      exponential_minus_one: (x) => round(Math.expm1(x)),
      log: (x) => round(Math.log(x)),
      log_plus_one: (x) => round(Math.log1p(x)),
      sqrt: (x) => round(Math.sqrt(x)),
      sine: (x) => round(Math.sin(x)),
      cosine: (x) => round(Math.cos(x)),
      tanh: (x) => round(Math.tanh(x)),
      is_finite: (x) => (Number.isFinite(x) ? 1 : 0),
    },
    binary: {
      add: (a, b) => round(a + b),
      subtract: (a, b) => round(a - b),
      multiply: (a, b) => round(a * b),
      divide: (a, b) => round(a / b),
      remainder: (a, b) => round(a % b),
      power: (a, b) => round(power(a, b)),
      // Math.max and Math.min propagate NaN and put -0 below +0, as IEEE's maximum and minimum do.
      maximum: (a, b) => Math.max(a, b),
      minimum: (a, b) => Math.min(a, b),
      atan2: (a, b) => round(Math.atan2(a, b)),
    },
    compare: orderedComparison,
  };
}
