/**
 * The reference evaluator: the executable meaning of the opset. Plain and slow on purpose; every backend and every
 * rewrite is checked against it. It shares no code with any of them.
 */

import type { HostArray } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import type { OpName } from '../opset.js';
import type { AnyInstruction, Program } from '../program.js';
import { type Context, createContext, type EvaluateRule } from './context.js';
import { evaluateConvolution, evaluateDotGeneral } from './contraction.js';
import { evaluateBarrier, evaluateCase, evaluateComposite, evaluateCustomCall, evaluateWhile } from './control.js';
import { evaluateBitcast } from './convert.js';
import { elementwise } from './elementwise.js';
import { evaluateFft } from './fft.js';
import { evaluateGather, evaluateScatter } from './gather.js';
import { evaluateCholesky, evaluateTriangularSolve } from './linalg.js';
import {
  evaluateBroadcast,
  evaluateConcatenate,
  evaluateConstant,
  evaluateDynamicSlice,
  evaluateDynamicUpdateSlice,
  evaluateIota,
  evaluatePad,
  evaluateReshape,
  evaluateReverse,
  evaluateSlice,
  evaluateTranspose,
} from './movement.js';
import { evaluateReduce, evaluateReduceWindow, evaluateSelectAndScatter } from './reduce.js';
import { evaluateSort } from './sort.js';
import { fromHost, type Tensor, toHost, toWideHost } from './tensor.js';

export type { Call, Context, EvaluateRule } from './context.js';
export type { Complex, Scalar, Tensor } from './tensor.js';

/** What each op computes. */
export const evaluateRules: { readonly [O in OpName]: EvaluateRule<O> } = {
  // unary
  abs: elementwise('abs'),
  negate: elementwise('negate'),
  sign: elementwise('sign'),
  floor: elementwise('floor'),
  ceil: elementwise('ceil'),
  round_nearest_even: elementwise('round_nearest_even'),
  exponential: elementwise('exponential'),
  exponential_minus_one: elementwise('exponential_minus_one'),
  log: elementwise('log'),
  log_plus_one: elementwise('log_plus_one'),
  sqrt: elementwise('sqrt'),
  sine: elementwise('sine'),
  cosine: elementwise('cosine'),
  tanh: elementwise('tanh'),
  is_finite: elementwise('is_finite'),
  not: elementwise('not'),
  // binary
  add: elementwise('add'),
  subtract: elementwise('subtract'),
  multiply: elementwise('multiply'),
  divide: elementwise('divide'),
  remainder: elementwise('remainder'),
  power: elementwise('power'),
  maximum: elementwise('maximum'),
  minimum: elementwise('minimum'),
  atan2: elementwise('atan2'),
  and: elementwise('and'),
  or: elementwise('or'),
  xor: elementwise('xor'),
  shift_left: elementwise('shift_left'),
  shift_right_arithmetic: elementwise('shift_right_arithmetic'),
  shift_right_logical: elementwise('shift_right_logical'),
  // typing
  compare: elementwise('compare'),
  select: elementwise('select'),
  convert: elementwise('convert'),
  bitcast_convert: evaluateBitcast,
  // nullary
  constant: evaluateConstant,
  iota: evaluateIota,
  // movement
  reshape: evaluateReshape,
  broadcast_in_dim: evaluateBroadcast,
  transpose: evaluateTranspose,
  slice: evaluateSlice,
  pad: evaluatePad,
  concatenate: evaluateConcatenate,
  reverse: evaluateReverse,
  gather: evaluateGather,
  scatter: evaluateScatter,
  dynamic_slice: evaluateDynamicSlice,
  dynamic_update_slice: evaluateDynamicUpdateSlice,
  // contraction
  dot_general: evaluateDotGeneral,
  convolution: evaluateConvolution,
  reduce: evaluateReduce,
  reduce_window: evaluateReduceWindow,
  select_and_scatter: evaluateSelectAndScatter,
  sort: evaluateSort,
  // control
  while: evaluateWhile,
  case: evaluateCase,
  // numeric
  complex: elementwise('complex'),
  real: elementwise('real'),
  imag: elementwise('imag'),
  fft: evaluateFft,
  cholesky: evaluateCholesky,
  triangular_solve: evaluateTriangularSolve,
  // structure
  composite: evaluateComposite,
  custom_call: evaluateCustomCall,
  optimization_barrier: evaluateBarrier,
};

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
