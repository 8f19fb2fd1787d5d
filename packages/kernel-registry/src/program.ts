/**
 * A Program is the one thing that every front end builds and every backend compiles: immutable, statically shaped SSA.
 *
 * Values are numbered densely: inputs first (0 … n-1), then the results of each instruction in order. An instruction
 * uses only values numbered before its own results. Regions (the bodies of reduce, while, …) are Programs too and
 * capture nothing.
 */

import type { OpAttributes, OpName } from './opset.js';
import type { TensorType } from './tensor-type.js';

export type ValueId = number;

export interface ProgramInput {
  readonly type: TensorType;
  /**
   * Index of the output that may take over this input's storage (donation). The types must be the same. It is part of
   * the program and of its hash; at run time a caller can only veto it.
   */
  readonly aliases?: number | undefined;
}

export interface Instruction<O extends OpName = OpName> {
  readonly op: O;
  readonly operands: readonly ValueId[];
  readonly attributes: OpAttributes[O];
  /** Types of the results; what `infer` gives for the operands. */
  readonly results: readonly TensorType[];
}

/** Any instruction, discriminated by `op`. */
export type AnyInstruction = { [O in OpName]: Instruction<O> }[OpName];

export interface Program {
  readonly name: string;
  readonly inputs: readonly ProgramInput[];
  readonly instructions: readonly AnyInstruction[];
  readonly outputs: readonly ValueId[];
}

/** The type of every value of a program, indexed by ValueId. */
export function valueTypes(program: Program): TensorType[] {
  const types = program.inputs.map((input) => input.type);
  for (const { results } of program.instructions) types.push(...results);
  return types;
}

export function inputTypes(program: Program): TensorType[] {
  return program.inputs.map((input) => input.type);
}

export function outputTypes(program: Program): TensorType[] {
  const types = valueTypes(program);
  return program.outputs.map((id) => types[id]!);
}
