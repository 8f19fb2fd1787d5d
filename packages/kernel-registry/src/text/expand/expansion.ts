/** What every expansion is, and how a row says that it takes some dtypes only. */

import type { Emitter, Value } from '../../builder.js';
import { isFloating } from '../../dtype.js';
import { CeratopsError } from '../../errors.js';
import { formatType } from '../../tensor-type.js';
import type { ReadContext } from '../op-text.js';

/** The results of an op in terms of the opset. */
export type Expansion = (emitter: Emitter, operands: readonly Value[], context: ReadContext) => readonly Value[];

/** A row for float operands; the other dtypes are refused. */
export function onFloats(compute: (emitter: Emitter, ...operands: Value[]) => Value): Expansion {
  return (emitter, operands) => {
    const other = operands.find((operand) => !isFloating(operand.type.dtype));
    if (other) {
      throw new CeratopsError('UNSUPPORTED', 'no expansion for this dtype', {
        expected: 'floats',
        received: formatType(other.type),
      });
    }
    return [compute(emitter, ...operands)];
  };
}
