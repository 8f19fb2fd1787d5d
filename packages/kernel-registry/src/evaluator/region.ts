/**
 * Runs a region on scalars many times: the bodies of reduce, sort, scatter, …. A region of elementwise ops becomes a
 * list of register operations; any other region runs as a program on rank-0 tensors.
 */

import type { AnyInstruction, Program } from '../program.js';
import { valueTypes } from '../program.js';
import type { TensorType } from '../tensor-type.js';
import type { Context } from './context.js';
import { elementFunction, isElementwise } from './elementwise.js';
import { fromHost, readerOf, type Scalar, scalarTensor } from './tensor.js';

/** Both arrays belong to the region's user and the region: read the results before the next call. */
export type ScalarRegion = (args: readonly Scalar[]) => readonly Scalar[];

type Step = (registers: Scalar[]) => void;

/** The ops that leave a scalar as it is. */
const identities: ReadonlySet<string> = new Set(['reshape', 'broadcast_in_dim', 'transpose', 'reverse']);

function stepOf(
  instruction: AnyInstruction,
  target: number,
  types: readonly TensorType[],
  context: Context,
): Step | undefined {
  const { op, operands } = instruction;
  const [a, b = a, c = a] = operands;
  if (isElementwise(op)) {
    const operandTypes = operands.map((id) => types[id]!);
    const f = elementFunction(op, instruction.attributes as never, operandTypes, context);
    return (registers) => {
      registers[target] = f(registers[a!]!, registers[b!]!, registers[c!]!);
    };
  }
  if (identities.has(op)) {
    return (registers) => {
      registers[target] = registers[a!]!;
    };
  }
  if (op === 'constant') {
    const value = readerOf(fromHost(types[target]!, instruction.attributes.value.data))(0);
    return (registers) => {
      registers[target] = value;
    };
  }
  return undefined;
}

function compileSteps(program: Program, types: readonly TensorType[], context: Context): Step[] | undefined {
  if (types.some((type) => type.shape.length > 0)) return undefined;
  const steps: Step[] = [];
  let target = program.inputs.length;
  for (const instruction of program.instructions) {
    const step = stepOf(instruction, target, types, context);
    if (!step) return undefined;
    steps.push(step);
    target += instruction.results.length;
  }
  return steps;
}

export function scalarRegion(program: Program, context: Context): ScalarRegion {
  const types = valueTypes(program);
  const steps = compileSteps(program, types, context);
  if (!steps) {
    return (args) => {
      const inputs = program.inputs.map((input, i) => scalarTensor(input.type, args[i]!));
      return context.run(program, inputs).map((output) => readerOf(output)(0));
    };
  }
  const { inputs, outputs } = program;
  const registers = new Array<Scalar>(types.length).fill(0);
  const results = new Array<Scalar>(outputs.length).fill(0);
  return (args) => {
    for (let i = 0; i < inputs.length; i++) registers[i] = args[i]!;
    for (let i = 0; i < steps.length; i++) steps[i]!(registers);
    for (let i = 0; i < outputs.length; i++) results[i] = registers[outputs[i]!]!;
    return results;
  };
}
