/** A program with the tables that every pass asks for: types, definitions, first results. */

import {
  type AnyInstruction,
  type OpName,
  type Program,
  sizeOf,
  type TensorType,
  type ValueId,
  valueTypes,
} from '@ceratops/kernel-registry';

export interface Graph {
  readonly program: Program;
  readonly types: readonly TensorType[];
  readonly sizes: readonly number[];
  /** Number of the instruction that defines each value; -1 for inputs. */
  readonly definitions: Int32Array;
  /** First result of each instruction. */
  readonly first: Int32Array;
  instructionOf(value: ValueId): AnyInstruction | undefined;
}

export function graphOf(program: Program): Graph {
  const types = valueTypes(program);
  const definitions = new Int32Array(types.length).fill(-1);
  const first = new Int32Array(program.instructions.length);
  let value = program.inputs.length;
  program.instructions.forEach((instruction, i) => {
    first[i] = value;
    for (let r = 0; r < instruction.results.length; r++) definitions[value++] = i;
  });
  return {
    program,
    types,
    sizes: types.map((type) => sizeOf(type.shape)),
    definitions,
    first,
    instructionOf: (id) => program.instructions[definitions[id]!],
  };
}

/** How a consumer takes an operand. */
export type OperandUse =
  /** From dense memory. */
  | 'buffer'
  /** Element by element, each about once: the producer may be computed on the way. */
  | 'inline'
  /** As the start of a result that is then changed in place: copied, computed into place, or taken over. */
  | 'seed';

/** How ops with a lowering of their own take operand number `position` of `count`. */
export const operandUses: Readonly<Partial<Record<OpName, (position: number, count: number) => OperandUse>>> = {
  reduce: () => 'inline',
  concatenate: () => 'inline',
  dynamic_update_slice: (position) => (position === 0 ? 'seed' : 'inline'),
  scatter: (position, count) => {
    const tensors = (count - 1) / 2;
    return position < tensors ? 'seed' : position === tensors ? 'buffer' : 'inline';
  },
  reduce_window: (position, count) => (position < count / 2 ? 'buffer' : 'inline'),
  select_and_scatter: (position) => (position === 0 ? 'buffer' : 'inline'),
  sort: () => 'seed',
  while: () => 'seed',
};
