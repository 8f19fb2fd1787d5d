import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike } from '../emit/constant.js';
import { compare, maximum, select } from '../emit/elementwise.js';
import { anyKind, checkCount, checkKind, kindBit } from '../infer/rule.js';

const realKinds = anyKind & ~kindBit.complex & ~kindBit.bool;

/** max(x, 0) of one real operand, with the gradient 0 at 0 (a plain maximum shares it between its operands there). */
export const relu: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.relu@1',
  infer: (operands) => {
    checkCount('ceratops.relu@1', operands, 1);
    checkKind('ceratops.relu@1', operands[0]!, realKinds);
    return [operands[0]!];
  },
  decompose: (emitter, [x]) => [maximum(emitter, x!, constantLike(emitter, x!, 0))],
  vjp: {
    forward: (emitter, operands) => {
      const results = emitter.emit('composite', operands, { name: 'ceratops.relu@1', attributes: {} });
      return { results, residuals: results };
    },
    // The result is positive exactly where the operand is, so the operand need not be kept.
    backward: (emitter, [y], [g]) => {
      const zero = constantLike(emitter, y!, 0);
      return [select(emitter, compare(emitter, y!, zero, 'GT'), g!, zero)];
    },
  },
});
