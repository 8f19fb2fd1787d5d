/** The error function and its inverse in float64, by formulas whose coefficients are computed: they are rarely used. */

import type { Emitter, Value } from '../builder.js';
import { constantLike } from '../emit/constant.js';
import {
  abs,
  add,
  divide,
  exponential,
  logPlusOne,
  minimum,
  multiply,
  negate,
  sign,
  sqrt,
  subtract,
} from '../emit/elementwise.js';
import { piecewise, polynomial } from './polynomial.js';

/** erf(x) = x + x·p(x²) by its Taylor series, good for |x| < 1. */
function erfNear(emitter: Emitter, x: Value): Value {
  const terms: number[] = [];
  let power = 2 / Math.sqrt(Math.PI);
  for (let n = 0; n < 18; n++) {
    terms.unshift(n === 0 ? power - 1 : power / (2 * n + 1));
    power /= -(n + 1);
  }
  return add(emitter, x, multiply(emitter, x, polynomial(emitter, multiply(emitter, x, x), terms)));
}

/**
 * erfc(x) for 1 ≤ x ≤ 6: the trapezoidal rule with step 1/2 on its integral, which converges like exp(−4π²), and the residue of the
 * integrand's pole. (Chiarella and Reichel, "On the evaluation of integrals related to the error function", 1968.)
 */
function erfcFar(emitter: Emitter, x: Value): Value {
  const constant = (value: number): Value => constantLike(emitter, x, value);
  const square = multiply(emitter, x, x);
  let sum = divide(emitter, constant(1), square);
  for (let k = 1; k <= 13; k++) {
    const node = (k * k) / 4;
    sum = add(emitter, sum, divide(emitter, constant(2 * Math.exp(-node)), add(emitter, square, constant(node))));
  }
  const scale = multiply(emitter, x, constant(1 / (2 * Math.PI)));
  const integral = multiply(emitter, multiply(emitter, exponential(emitter, negate(emitter, square)), scale), sum);
  const period = exponential(emitter, multiply(emitter, x, constant(4 * Math.PI)));
  return subtract(emitter, integral, divide(emitter, constant(2), subtract(emitter, period, constant(1))));
}

/** Where the far formula ends: from there on erf is 1. */
const end = 6;

/** At most 2 ULP. */
export function erfFloat64(emitter: Emitter, x: Value): Value {
  const magnitude = abs(emitter, x);
  const tail = erfcFar(emitter, minimum(emitter, magnitude, constantLike(emitter, x, end)));
  const large = multiply(emitter, sign(emitter, x), subtract(emitter, constantLike(emitter, x, 1), tail));
  return piecewise(emitter, magnitude, [1], [erfNear(emitter, x), large]);
}

/** At most 3 ULP for |x| < 1: Winitzki's estimate, good to 0.4 %, and three of Halley's steps, each of which cubes the error. */
export function erfInvFloat64(emitter: Emitter, x: Value): Value {
  const constant = (value: number): Value => constantLike(emitter, x, value);
  const target = abs(emitter, x);
  const log = logPlusOne(emitter, negate(emitter, multiply(emitter, x, x)));
  const a = 0.147;
  const b = add(emitter, constant(2 / (Math.PI * a)), multiply(emitter, log, constant(0.5)));
  const root = sqrt(emitter, subtract(emitter, multiply(emitter, b, b), divide(emitter, log, constant(a))));
  let y = sqrt(emitter, subtract(emitter, root, b));
  const complement = subtract(emitter, constant(1), target);
  for (let step = 0; step < 3; step++) {
    // erf(y) − x; of numbers near 1 by what they lack of it.
    const small = subtract(emitter, erfNear(emitter, y), target);
    const large = subtract(emitter, complement, erfcFar(emitter, y));
    const residual = piecewise(emitter, y, [1], [small, large]);
    const inverseSlope = multiply(
      emitter,
      exponential(emitter, multiply(emitter, y, y)),
      constant(Math.sqrt(Math.PI) / 2),
    );
    const newton = multiply(emitter, residual, inverseSlope);
    y = subtract(emitter, y, divide(emitter, newton, add(emitter, constant(1), multiply(emitter, newton, y))));
  }
  return multiply(emitter, sign(emitter, x), y);
}
