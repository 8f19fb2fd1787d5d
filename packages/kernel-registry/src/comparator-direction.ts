import type { ComparisonDirection } from './opset.js';
import type { Program } from './program.js';

/** How a comparator orders by its first operand alone, if it does. */
export function comparatorDirection(region: Program): ComparisonDirection | undefined {
  const [instruction] = region.instructions;
  if (region.instructions.length !== 1 || instruction?.op !== 'compare') return undefined;
  const { operands, attributes } = instruction;
  const ordersFirst = operands[0] === 0 && operands[1] === 1 && region.outputs[0] === region.inputs.length;
  return ordersFirst && region.outputs.length === 1 ? attributes.direction : undefined;
}
