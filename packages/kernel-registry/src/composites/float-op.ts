/** What the elementwise composites share. */

import type { CompositeDefinition } from '../composite.js';
import { checkCount, checkKind, kindBit } from '../infer/rule.js';

/** The type rule of one float tensor to the same type. */
export function inferFloat(name: string): CompositeDefinition['infer'] {
  return (operands) => {
    checkCount(name, operands, 1);
    checkKind(name, operands[0]!, kindBit.float);
    return [operands[0]!];
  };
}
