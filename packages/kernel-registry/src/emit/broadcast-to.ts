import type { Emitter, Value } from '../builder.js';
import { CeratopsError } from '../errors.js';
import { formatType, type Shape } from '../tensor-type.js';
import { broadcastInDim } from './movement.js';

/** NumPy's broadcasting to a given shape: dimensions align at the right, those of size 1 stretch. */
export function broadcastTo(emitter: Emitter, operand: Value, shape: Shape): Value {
  const offset = shape.length - operand.type.shape.length;
  if (offset < 0) {
    throw new CeratopsError('SHAPE_MISMATCH', 'rank too high', {
      subject: 'broadcast',
      expected: `at most rank ${shape.length}`,
      received: formatType(operand.type),
    });
  }
  const dimensions = operand.type.shape.map((_, axis) => axis + offset);
  return broadcastInDim(emitter, operand, shape, dimensions);
}
