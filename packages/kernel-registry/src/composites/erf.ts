import type { Emitter, Value } from '../builder.js';
import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { abs, add, exponential, minimum, multiply, negate, sign, subtract } from '../emit/elementwise.js';
import { type ErfTable, erfFloat32, erfFloat64 } from './erf-coefficients.js';
import { atLeastFloat32, inferFloat } from './float-op.js';
import { piecewise, polynomial } from './polynomial.js';

function erfOf(emitter: Emitter, x: Value, { near, far }: ErfTable): Value {
  const magnitude = abs(emitter, x);
  const square = multiply(emitter, x, x);
  const small = add(emitter, x, multiply(emitter, x, polynomial(emitter, square, near)));
  const end = far[far.length - 1]!.until;
  const clamped = minimum(emitter, magnitude, constantLike(emitter, x, end));
  const tails = far.map(({ center, coefficients }) =>
    polynomial(emitter, subtract(emitter, clamped, constantLike(emitter, x, center)), coefficients),
  );
  const boundaries = far.slice(0, -1).map(({ until }) => until);
  const tail = exponential(emitter, piecewise(emitter, magnitude, boundaries, tails));
  const large = multiply(emitter, sign(emitter, x), subtract(emitter, constantLike(emitter, x, 1), tail));
  return piecewise(emitter, magnitude, [1], [small, large]);
}

/** The error function, one float operand. */
export const erf: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.erf@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.erf@1'),
  decompose: (emitter, [x]) => [
    atLeastFloat32(emitter, x!, (value, wide) => erfOf(emitter, value, wide ? erfFloat64 : erfFloat32)),
  ],
  vjp: {
    forward: (emitter, operands) => ({
      results: emitter.emit('composite', operands, { name: 'ceratops.erf@1', attributes: {} }),
      residuals: operands,
    }),
    // d erf(x) = 2/√π · exp(−x²)
    backward: (emitter, [x], [g]) => {
      const slope = exponential(emitter, negate(emitter, multiply(emitter, x!, x!)));
      return [multiply(emitter, multiply(emitter, g!, constantLike(emitter, x!, 2 / Math.sqrt(Math.PI))), slope)];
    },
  },
});
