import type { Emitter, Value } from '../builder.js';
import { type CompositeAttributes, type CompositeDefinition, defineComposite } from '../composite.js';
import { reduceMax, reduceSum } from '../emit/contraction.js';
import { divide, exponential, log, multiply, subtract } from '../emit/elementwise.js';
import { broadcastOver } from '../emit/movement.js';
import { checkCount, checkDimensions, checkKind, kindBit } from '../infer/rule.js';

function axisOf(attributes: CompositeAttributes): number {
  return attributes.axis as number;
}

function inferAlong(name: string): CompositeDefinition['infer'] {
  return (operands, attributes) => {
    checkCount(name, operands, 1);
    checkKind(name, operands[0]!, kindBit.float);
    checkDimensions(name, 'axis', [axisOf(attributes)], operands[0]!.shape.length);
    return [operands[0]!];
  };
}

function over(emitter: Emitter, reduced: Value, like: Value, axis: number): Value {
  return broadcastOver(emitter, reduced, like.type.shape, [axis]);
}

function sumOver(emitter: Emitter, x: Value, axis: number): Value {
  return over(emitter, reduceSum(emitter, x, [axis]), x, axis);
}

function shifted(emitter: Emitter, x: Value, axis: number): Value {
  return subtract(emitter, x, over(emitter, reduceMax(emitter, x, [axis]), x, axis));
}

function forwardOf(name: string): NonNullable<CompositeDefinition['vjp']>['forward'] {
  return (emitter, operands, attributes) => {
    const results = emitter.emit('composite', operands, { name, attributes });
    return { results, residuals: results };
  };
}

/** exp(x − max) / Σ exp(x − max) along the attribute `axis` (not negative) of one float operand. */
export const softmax: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.softmax@1',
  infer: /*#__PURE__*/ inferAlong('ceratops.softmax@1'),
  decompose: (emitter, [x], attributes) => {
    const axis = axisOf(attributes);
    const powers = exponential(emitter, shifted(emitter, x!, axis));
    return [divide(emitter, powers, sumOver(emitter, powers, axis))];
  },
  vjp: {
    forward: /*#__PURE__*/ forwardOf('ceratops.softmax@1'),
    // y · (g − Σ g·y)
    backward: (emitter, [y], [g], attributes) => {
      const mean = sumOver(emitter, multiply(emitter, g!, y!), axisOf(attributes));
      return [multiply(emitter, y!, subtract(emitter, g!, mean))];
    },
  },
});

/** x − max − ln Σ exp(x − max) along the attribute `axis` (not negative) of one float operand. */
export const logSoftmax: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.log_softmax@1',
  infer: /*#__PURE__*/ inferAlong('ceratops.log_softmax@1'),
  decompose: (emitter, [x], attributes) => {
    const axis = axisOf(attributes);
    const offset = shifted(emitter, x!, axis);
    const sum = reduceSum(emitter, exponential(emitter, offset), [axis]);
    return [subtract(emitter, offset, over(emitter, log(emitter, sum), x!, axis))];
  },
  vjp: {
    forward: /*#__PURE__*/ forwardOf('ceratops.log_softmax@1'),
    // g − exp(y) · Σ g
    backward: (emitter, [y], [g], attributes) => {
      const total = sumOver(emitter, g!, axisOf(attributes));
      return [subtract(emitter, g!, multiply(emitter, exponential(emitter, y!), total))];
    },
  },
});
