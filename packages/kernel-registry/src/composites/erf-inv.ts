import type { Emitter, Value } from '../builder.js';
import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import {
  abs,
  compare,
  exponential,
  logPlusOne,
  multiply,
  negate,
  select,
  sqrt,
  subtract,
} from '../emit/elementwise.js';
import { inverse } from './erf-coefficients.js';
import { erfInvFloat64 } from './erf-float64.js';
import { atLeastFloat32, inferFloat } from './float-op.js';
import { piecewise, polynomial } from './polynomial.js';

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

/** The inverse error function, one float operand: ±∞ at ±1, NaN outside. */
export const erfInv: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.erf_inv@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.erf_inv@1'),
  decompose: (emitter, [x]) => [
    atLeastFloat32(emitter, x!, (value, wide) =>
      withEnds(emitter, value, (wide ? erfInvFloat64 : erfInvFloat32)(emitter, value)),
    ),
  ],
  vjp: {
    forward: (emitter, operands) => {
      const results = emitter.emit('composite', operands, { name: 'ceratops.erf_inv@1', attributes: {} });
      return { results, residuals: results };
    },
    // d erf⁻¹(x) = √π/2 · exp(y²)
    backward: (emitter, [y], [g]) => {
      const slope = exponential(emitter, multiply(emitter, y!, y!));
      return [multiply(emitter, multiply(emitter, g!, constantLike(emitter, y!, Math.sqrt(Math.PI) / 2)), slope)];
    },
  },
});
