/** Formulas that need more digits than their operand has. */

import type { Emitter, Value } from '../builder.js';
import { convert } from '../emit/elementwise.js';

/** Computes in float32 what comes in 16 bits, and rounds once at the end. */
export function atLeastFloat32(
  emitter: Emitter,
  operand: Value,
  compute: (operand: Value, isFloat64: boolean) => Value,
): Value {
  const { dtype } = operand.type;
  if (dtype === 'float64') return compute(operand, true);
  return convert(emitter, compute(convert(emitter, operand, 'float32'), false), dtype);
}
