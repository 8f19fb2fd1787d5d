/**
 * The reference evaluator: the executable meaning of the opset. Plain and slow on purpose; every backend and every
 * rewrite is checked against it. It shares no code with any of them.
 */

import type { HostArray } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import type { OpName } from '../opset.js';
import type { AnyInstruction, Program } from '../program.js';
import { type Context, createContext, type EvaluateRule } from './context.js';
import { evaluateRules } from './rules.js';
import { fromHost, type Tensor, toHost, toWideHost } from './tensor.js';

export { type BoundedResult, evaluateWithBounds } from './bounds/index.js';
export type { Call, Context, EvaluateRule } from './context.js';
export { evaluateRules } from './rules.js';
export type { Complex, Scalar, Tensor } from './tensor.js';

export interface EvaluateOptions {
  /**
   * Compute every float in float64 and never round: the twin against which a float program's error is measured.
   * Inputs are still the dtypes' host arrays (or Float64Array); float and complex outputs are Float64Array.
   */
  readonly widenFloats?: boolean | undefined;
}

function evaluateInstruction(instruction: AnyInstruction, operands: readonly Tensor[], context: Context): Tensor[] {
  const rule = evaluateRules[instruction.op] as EvaluateRule<OpName>;
  return rule({ operands, attributes: instruction.attributes, results: instruction.results }, context);
}

function run(context: Context, program: Program, inputs: readonly Tensor[]): Tensor[] {
  const values: Tensor[] = [...inputs];
  for (const instruction of program.instructions) {
    const operands = instruction.operands.map((id) => values[id]!);
    values.push(...evaluateInstruction(instruction, operands, context));
  }
  return program.outputs.map((id) => values[id]!);
}

/**
 * Runs a program on host arrays and returns one fresh host array per output. The inputs are not written to, also
 * where the program declares aliases. The program must be valid (see `validateProgram`).
 *
 * @throws CeratopsError INVALID_ARGUMENT when inputs do not fit the program, UNSUPPORTED for a custom call,
 *   DTYPE_MISMATCH where an op is not defined for a dtype.
 */
export function evaluateProgram(
  program: Program,
  inputs: readonly HostArray[],
  options: EvaluateOptions = {},
): HostArray[] {
  if (inputs.length !== program.inputs.length) {
    throw new CeratopsError('INVALID_ARGUMENT', 'wrong number of inputs', {
      subject: program.name,
      expected: `${program.inputs.length}`,
      received: `${inputs.length}`,
    });
  }
  const widen = options.widenFloats ?? false;
  const context = createContext(widen, run);
  const tensors = program.inputs.map((input, i) => fromHost(input.type, inputs[i]!));
  return run(context, program, tensors).map(widen ? toWideHost : toHost);
}
