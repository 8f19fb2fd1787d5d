import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { exponential, multiply } from '../emit/elementwise.js';
import { inferFloat } from './float-op.js';
import { lateDecomposition } from './late.js';

/** The inverse error function, one float operand: ±∞ at ±1, NaN outside. */
export const erfInv: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.erf_inv@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.erf_inv@1'),
  decompose: /*#__PURE__*/ lateDecomposition('ceratops.erf_inv@1'),
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
