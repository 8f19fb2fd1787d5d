/** What the error function and its inverse decompose into. */

import type { Emitter, Value } from '../builder.js';
import type { CompositeDefinition } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import {
  abs,
  add,
  compare,
  exponential,
  logPlusOne,
  minimum,
  multiply,
  negate,
  select,
  sign,
  sqrt,
  subtract,
} from '../emit/elementwise.js';
import { far, inverse, near } from './erf-coefficients.js';
import { erfFloat64, erfInvFloat64 } from './erf-float64.js';
import { piecewise, polynomial } from './polynomial.js';
import { atLeastFloat32 } from './precision.js';

function erfFloat32(emitter: Emitter, x: Value): Value {
  const magnitude = abs(emitter, x);
  const square = multiply(emitter, x, x);
  const small = add(emitter, x, multiply(emitter, x, polynomial(emitter, square, near)));
  const clamped = minimum(emitter, magnitude, constantLike(emitter, x, far.until));
  const offset = subtract(emitter, clamped, constantLike(emitter, x, far.center));
  const tail = exponential(emitter, polynomial(emitter, offset, far.coefficients));
  const large = multiply(emitter, sign(emitter, x), subtract(emitter, constantLike(emitter, x, 1), tail));
  return piecewise(emitter, magnitude, [1], [small, large]);
}

export const decomposeErf: CompositeDefinition['decompose'] = (emitter, [x]) => [
  atLeastFloat32(emitter, x!, (value, wide) => (wide ? erfFloat64 : erfFloat32)(emitter, value)),
];

function erfInvFloat32(emitter: Emitter, x: Value): Value {
  const w = negate(emitter, logPlusOne(emitter, multiply(emitter, x, negate(emitter, x))));
  const root = sqrt(emitter, w);
  const values = inverse.map(({ center, coefficients }, i) => {
    const u = subtract(emitter, i === 0 ? w : root, constantLike(emitter, x, center));
    return polynomial(emitter, u, coefficients);
  });
  const boundaries = inverse.slice(0, -1).map(({ until }) => until);
  return multiply(emitter, piecewise(emitter, w, boundaries, values), x);
}

/** The given value inside (−1, 1), ±∞ at the ends. */
function withEnds(emitter: Emitter, x: Value, inside: Value): Value {
  const atEnd = compare(emitter, abs(emitter, x), constantLike(emitter, x, 1), 'EQ');
  return select(emitter, atEnd, multiply(emitter, x, constantLike(emitter, x, Number.POSITIVE_INFINITY)), inside);
}

export const decomposeErfInv: CompositeDefinition['decompose'] = (emitter, [x]) => [
  atLeastFloat32(emitter, x!, (value, wide) =>
    withEnds(emitter, value, (wide ? erfInvFloat64 : erfInvFloat32)(emitter, value)),
  ),
];
