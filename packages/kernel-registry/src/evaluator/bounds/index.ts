/**
 * A running error bound: the evaluator in real arithmetic (float64 that stands for it), with a bound for every element of how far a result
 * may lie from it that was computed in the program's own dtypes. Sums may be added up in any order, products may be fused with sums, and
 * elementary functions and composites may be two units in the last place off; everything else is rounded as IEEE 754 says, or less often.
 * (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3.)
 */

import { buildProgram, decompose } from '../../any-op.js';
import { type HostArray, isComplex } from '../../dtype.js';
import { CeratopsError } from '../../errors.js';
import type { OpName } from '../../opset.js';
import type { AnyInstruction, Program } from '../../program.js';
import { createContext, type EvaluateRule } from '../context.js';
import { evaluateRules } from '../rules.js';
import { fromHost, integerAt, type Tensor, toWideHost } from '../tensor.js';
import {
  type BoundContext,
  type Bounded,
  type ErrorRule,
  filledErrors,
  isExact,
  isFloat,
  mapElements,
  numbersOf,
  unknownErrors,
} from './bounded.js';
import { convolutionErrors, dotGeneralErrors } from './contraction.js';
import { compareErrors, convertErrors, elementwiseErrors, finiteErrors, selectErrors } from './elementwise.js';
import { reduceErrors, reduceWindowErrors, scatterErrors, selectAndScatterErrors } from './fold.js';
import {
  bitcastErrors,
  constantErrors,
  dynamicSliceErrors,
  dynamicUpdateSliceErrors,
  gatherErrors,
  iotaErrors,
  movementErrors,
} from './movement.js';
import { finite, roundingErrorOf } from './rounding-error.js';
import { sortErrors } from './sort.js';

type Structured = 'while' | 'case' | 'composite' | 'optimization_barrier';

const unknown: ErrorRule<OpName> = ({ results }) => unknownErrors(results);

const errorRules: { readonly [O in Exclude<OpName, Structured>]: ErrorRule<O> } = {
  abs: elementwiseErrors('abs'),
  negate: elementwiseErrors('negate'),
  sign: elementwiseErrors('sign'),
  floor: elementwiseErrors('floor'),
  ceil: elementwiseErrors('ceil'),
  round_nearest_even: elementwiseErrors('round_nearest_even'),
  exponential: elementwiseErrors('exponential'),
  exponential_minus_one: elementwiseErrors('exponential_minus_one'),
  log: elementwiseErrors('log'),
  log_plus_one: elementwiseErrors('log_plus_one'),
  sqrt: elementwiseErrors('sqrt'),
  sine: elementwiseErrors('sine'),
  cosine: elementwiseErrors('cosine'),
  tanh: elementwiseErrors('tanh'),
  is_finite: finiteErrors,
  not: elementwiseErrors('not'),
  add: elementwiseErrors('add'),
  subtract: elementwiseErrors('subtract'),
  multiply: elementwiseErrors('multiply'),
  divide: elementwiseErrors('divide'),
  remainder: elementwiseErrors('remainder'),
  power: elementwiseErrors('power'),
  maximum: elementwiseErrors('maximum'),
  minimum: elementwiseErrors('minimum'),
  atan2: elementwiseErrors('atan2'),
  and: elementwiseErrors('and'),
  or: elementwiseErrors('or'),
  xor: elementwiseErrors('xor'),
  shift_left: elementwiseErrors('shift_left'),
  shift_right_arithmetic: elementwiseErrors('shift_right_arithmetic'),
  shift_right_logical: elementwiseErrors('shift_right_logical'),
  compare: compareErrors,
  select: selectErrors,
  convert: convertErrors,
  bitcast_convert: bitcastErrors,
  constant: constantErrors,
  iota: iotaErrors,
  ...movementErrors,
  gather: gatherErrors,
  scatter: scatterErrors,
  dynamic_slice: dynamicSliceErrors,
  dynamic_update_slice: dynamicUpdateSliceErrors,
  dot_general: dotGeneralErrors,
  convolution: convolutionErrors,
  reduce: reduceErrors,
  reduce_window: reduceWindowErrors,
  select_and_scatter: selectAndScatterErrors,
  sort: sortErrors,
  // Nobody has needed these yet.
  complex: unknown,
  real: unknown,
  imag: unknown,
  fft: unknown,
  cholesky: unknown,
  triangular_solve: unknown,
  custom_call: unknown,
};

function unsure(value: Tensor): Bounded {
  return { value, error: filledErrors(value.type, Number.POSITIVE_INFINITY) };
}

function runWhile(
  { condition, body }: AnyAttributes<'while'>,
  operands: readonly Bounded[],
  context: BoundContext,
): Bounded[] {
  let carries = [...operands];
  for (;;) {
    const [goesOn] = context.run(condition, carries) as [Bounded];
    if (!isExact(goesOn)) return carries.map(({ value }) => unsure(value));
    if (integerAt(goesOn.value) === 0) return carries;
    carries = context.run(body, carries);
  }
}

function runCase({ branches }: AnyAttributes<'case'>, operands: readonly Bounded[], context: BoundContext): Bounded[] {
  const [index, ...rest] = operands as [Bounded, ...Bounded[]];
  const results = context.run(branches[integerAt(index.value)] ?? branches.at(-1)!, rest);
  return isExact(index) ? results : results.map(({ value }) => unsure(value));
}

type AnyAttributes<O extends OpName> = Extract<AnyInstruction, { readonly op: O }>['attributes'];

/** What it is made of, or, where that rounds, a function of a backend's own that is as good as the elementary ones. */
function runComposite(
  composite: AnyAttributes<'composite'>,
  operands: readonly Bounded[],
  context: BoundContext,
): Bounded[] {
  const types = operands.map(({ value }) => value.type);
  const program = buildProgram(types, (emitter, ...values) => decompose(emitter, composite, values));
  return context.run(program, operands).map((result) => {
    const { value, error } = result;
    if (!isFloat(result)) return result;
    const rounding = roundingErrorOf(value.type.dtype);
    const [numbers, errors] = [numbersOf(value), numbersOf(error)];
    const ownError = (i: number): number =>
      errors[i] === 0 ? 0 : finite(rounding.ofFunction(numbers[i]!, errors[i]!));
    return { value, error: mapElements(value.type, ownError) };
  });
}

function runInstruction(instruction: AnyInstruction, operands: readonly Bounded[], context: BoundContext): Bounded[] {
  switch (instruction.op) {
    case 'while':
      return runWhile(instruction.attributes, operands, context);
    case 'case':
      return runCase(instruction.attributes, operands, context);
    case 'composite':
      return runComposite(instruction.attributes, operands, context);
    case 'optimization_barrier':
      return [...operands];
  }
  const { op, attributes, results } = instruction;
  const evaluate = evaluateRules[op] as EvaluateRule<OpName>;
  const tensors = operands.map(({ value }) => value);
  const values = evaluate({ operands: tensors, attributes, results }, context.evaluate);
  const errors = (errorRules[op] as ErrorRule<OpName>)({ operands, attributes, results, values }, context);
  return values.map((value, i) => ({ value, error: isComplex(value.type.dtype) ? unsure(value).error : errors[i]! }));
}

function createBoundContext(): BoundContext {
  const context: BoundContext = {
    evaluate: createContext(true, (_wide, program, inputs) => {
      const bounded = inputs.map((value) => ({ value, error: filledErrors(value.type, 0) }));
      return context.run(program, bounded).map(({ value }) => value);
    }),
    run(program, inputs) {
      const values = [...inputs];
      for (const instruction of program.instructions) {
        const operands = instruction.operands.map((id) => values[id]!);
        values.push(...runInstruction(instruction, operands, context));
      }
      return program.outputs.map((id) => values[id]!);
    },
  };
  return context;
}

export interface BoundedResult {
  /** As `widenFloats` gives it: floats are Float64Array. */
  readonly value: HostArray;
  /**
   * Per element, how far from the value a correct result may lie. 0: it is the value, but for the sign of a zero. Infinity: nothing can be
   * said, because the numbers before it decide by less than their own error, or may overflow.
   */
  readonly error: Float64Array;
}

/**
 * Runs a program on host arrays as `evaluateProgram` does with `widenFloats`, and bounds the error of what computes it in its own dtypes.
 *
 * @throws CeratopsError as `evaluateProgram` does.
 */
export function evaluateWithBounds(program: Program, inputs: readonly HostArray[]): BoundedResult[] {
  if (inputs.length !== program.inputs.length) {
    throw new CeratopsError('INVALID_ARGUMENT', 'wrong number of inputs', {
      subject: program.name,
      expected: `${program.inputs.length}`,
      received: `${inputs.length}`,
    });
  }
  const tensors = program.inputs.map(({ type }, i): Bounded => {
    const value = fromHost(type, inputs[i]!);
    return { value, error: filledErrors(type, 0) };
  });
  const outputs = createBoundContext().run(program, tensors);
  return outputs.map(({ value, error }) => ({ value: toWideHost(value), error: numbersOf(error) }));
}
