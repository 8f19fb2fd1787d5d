/** What the elementwise composites share. */

import type { Emitter, Value } from '../builder.js';
import type { CompositeDefinition } from '../composite.js';
import { convert } from '../emit/elementwise.js';
import { checkCount, checkKind, kindBit } from '../infer/rule.js';

/** The type rule of one float tensor to the same type. */
export function inferFloat(name: string): CompositeDefinition['infer'] {
  return (operands) => {
    checkCount(name, operands, 1);
    checkKind(name, operands[0]!, kindBit.float);
    return [operands[0]!];
  };
}

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
