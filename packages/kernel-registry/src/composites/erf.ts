import type { Emitter, Value } from '../builder.js';
import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { abs, add, exponential, minimum, multiply, negate, sign, subtract } from '../emit/elementwise.js';
import { far, near } from './erf-coefficients.js';
import { erfFloat64 } from './erf-float64.js';
import { atLeastFloat32, inferFloat } from './float-op.js';
import { piecewise, polynomial } from './polynomial.js';

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

/** The error function, one float operand. */
export const erf: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.erf@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.erf@1'),
  decompose: (emitter, [x]) => [
    atLeastFloat32(emitter, x!, (value, wide) => (wide ? erfFloat64 : erfFloat32)(emitter, value)),
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
