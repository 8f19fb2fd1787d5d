import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';

/** What counts when programs are compared and hashed, as plain data: everything but their names. */
export function structureOf({ inputs, instructions, outputs }: Program): readonly unknown[] {
  return [
    inputs.map(({ type, aliases }) => [typeStructure(type), aliases]),
    instructions.map(({ op, operands, attributes, results }) => [op, operands, attributes, results.map(typeStructure)]),
    outputs,
  ];
}

/** A type may be an object with more in it. */
function typeStructure({ dtype, shape, sharding }: TensorType): readonly unknown[] {
  return [dtype, shape, sharding];
}
