import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { exponential, multiply, negate } from '../emit/elementwise.js';
import { inferFloat } from './float-op.js';
import { lateDecomposition } from './late.js';

/** The error function, one float operand. */
export const erf: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.erf@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.erf@1'),
  decompose: /*#__PURE__*/ lateDecomposition('ceratops.erf@1'),
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
