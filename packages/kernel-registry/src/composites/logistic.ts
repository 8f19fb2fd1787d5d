import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { add, divide, exponential, multiply, negate, subtract } from '../emit/elementwise.js';
import { inferFloat } from './float-op.js';

/** The sigmoid 1 / (1 + exp(−x)), one float operand. */
export const logistic: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.logistic@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.logistic@1'),
  decompose: (emitter, [x]) => {
    const one = constantLike(emitter, x!, 1);
    return [divide(emitter, one, add(emitter, one, exponential(emitter, negate(emitter, x!))))];
  },
  // The plain decomposition's gradient is ∞/∞ where exp(−x) overflows.
  vjp: {
    forward: (emitter, operands) => {
      const results = emitter.emit('composite', operands, { name: 'ceratops.logistic@1', attributes: {} });
      return { results, residuals: results };
    },
    // g · y · (1 − y)
    backward: (emitter, [y], [g]) => {
      const slope = multiply(emitter, y!, subtract(emitter, constantLike(emitter, y!, 1), y!));
      return [multiply(emitter, g!, slope)];
    },
  },
});
