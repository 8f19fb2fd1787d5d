import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { divide, multiply, sqrt } from '../emit/elementwise.js';
import { inferFloat } from './float-op.js';

/** 1 / √x, one float operand. Devices have an instruction for it. */
export const rsqrt: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.rsqrt@1',
  infer: /*#__PURE__*/ inferFloat('ceratops.rsqrt@1'),
  decompose: (emitter, [x]) => [divide(emitter, constantLike(emitter, x!, 1), sqrt(emitter, x!))],
  vjp: {
    forward: (emitter, operands) => {
      const results = emitter.emit('composite', operands, { name: 'ceratops.rsqrt@1', attributes: {} });
      return { results, residuals: [operands[0]!, results[0]!] };
    },
    // g · (−½ · y / x)
    backward: (emitter, [x, y], [g]) => {
      const slope = divide(emitter, multiply(emitter, constantLike(emitter, y!, -0.5), y!), x!);
      return [multiply(emitter, g!, slope)];
    },
  },
});
