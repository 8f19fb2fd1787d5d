/** Errors of what folds elements with a region: reduce, windows, scatter. Sums may be added up in any order. */

import { assignRegion, isAssign } from '../../assign-region.js';
import type { OpName } from '../../opset.js';
import type { Program } from '../../program.js';
import { type ReducerOp, reducerKind, scalarRegion } from '../../region.js';
import { evaluateScatter } from '../gather.js';
import { evaluateReduce, evaluateReduceWindow, evaluateSelectAndScatter } from '../reduce.js';
import type { Tensor } from '../tensor.js';
import {
  type Bounded,
  type ErrorRule,
  errorType,
  filledErrors,
  isExact,
  isFloat,
  magnitudes,
  mapElements,
  numbersOf,
  unknownErrors,
} from './bounded.js';
import { finite, type RoundingError, roundingErrorOf } from './rounding-error.js';

/** Runs the op itself with another region on other numbers. */
type Run = (body: Program, first: Tensor, second: Tensor) => Tensor;

const float64 = (op: ReducerOp): Program => scalarRegion('float64', op);

/** The error of folding elements of two operands, as they fall together, with `op`. */
function foldErrors(run: Run, first: Bounded, second: Bounded, op: ReducerOp): Tensor {
  if (op === 'maximum' || op === 'minimum') return run(float64('maximum'), first.error, second.error);
  const both = (f: (operand: Bounded) => Tensor): [Tensor, Tensor] => [f(first), f(second)];
  const rounding = roundingErrorOf(first.value.type.dtype);
  const count = run(float64('add'), ...both(({ value }) => mapElements(value.type, () => 1)));
  const inexact = run(float64('maximum'), ...both(fractions));
  const { most: largest, spread } =
    op === 'add' ? sumSpread(run, first, second) : productSpread(run, first, second, rounding);
  return mapElements(count.type, (i) => {
    const most = largest(i);
    if (numbersOf(inexact)[i] === 0 && most <= rounding.precision.integers) return 0;
    const terms = numbersOf(count)[i]!;
    if (!(most * (1 + rounding.ofSum(terms)) <= rounding.precision.largest)) return Number.POSITIVE_INFINITY;
    const { smallest } = rounding.precision;
    return finite(spread(i) + rounding.ofSum(terms) * most + terms * smallest);
  });
}

/** 1 where a number is no integer, or not exact. */
function fractions({ value, error }: Bounded): Tensor {
  return mapElements(value.type, (i) => (Number.isInteger(Number(value.data[i])) && numbersOf(error)[i] === 0 ? 0 : 1));
}

interface Spread {
  /** The largest number that may come up on the way. */
  readonly most: (index: number) => number;
  /** How far the exact result moves with what it is made of. */
  readonly spread: (index: number) => number;
}

function sumSpread(run: Run, first: Bounded, second: Bounded): Spread {
  const most = numbersOf(run(float64('add'), magnitudes(first), magnitudes(second)));
  const errors = numbersOf(run(float64('add'), first.error, second.error));
  return { most: (i) => most[i]!, spread: (i) => errors[i]! };
}

/** Unbounded where some product on the way may underflow. */
function productSpread(run: Run, first: Bounded, second: Bounded, { precision }: RoundingError): Spread {
  const over = (f: (x: number, error: number) => number): Float64Array => {
    const map = ({ value, error }: Bounded): Tensor =>
      mapElements(value.type, (i) => f(Math.abs(Number(value.data[i])), numbersOf(error)[i]!));
    return numbersOf(run(float64('multiply'), map(first), map(second)));
  };
  const exact = over((x) => x);
  const moved = over((x, error) => x + error);
  const high = over((x, error) => Math.max(x + error, 1));
  const low = over((x, error) => Math.min(x - error, 1));
  const normal = precision.smallest / precision.unit;
  return {
    most: (i) => high[i]!,
    spread: (i) => (low[i]! > normal ? moved[i]! - exact[i]! : Number.POSITIVE_INFINITY),
  };
}

/** Ops that give one of their operands, or decide which. */
const choosing: ReadonlySet<OpName> = new Set<OpName>([
  'compare',
  'select',
  'maximum',
  'minimum',
  'and',
  'or',
  'xor',
  'not',
  'constant',
]);

/** What other regions give is known where nothing is rounded on the way. */
function otherErrors(operands: readonly Bounded[], body: Program): ErrorRule<OpName> {
  const rounds = operands.some(isFloat) && !body.instructions.every(({ op }) => choosing.has(op));
  const isSure = operands.every(isExact) && !rounds;
  return ({ results }) => results.map((type) => filledErrors(type, isSure ? 0 : Number.POSITIVE_INFINITY));
}

export const reduceErrors: ErrorRule<'reduce'> = (call, context) => {
  const { operands, attributes, results } = call;
  const op = reducerKind(attributes.body);
  if (op === undefined || !isFloat(operands[0]!)) return otherErrors(operands, attributes.body)(call as never, context);
  const run: Run = (body, elements, initial) =>
    evaluateReduce(
      { operands: [elements, initial], attributes: { ...attributes, body }, results: results.map(errorType) },
      context.evaluate,
    )[0]!;
  return [foldErrors(run, operands[0]!, operands[1]!, op)];
};

export const reduceWindowErrors: ErrorRule<'reduce_window'> = (call, context) => {
  const { operands, attributes, results } = call;
  const op = reducerKind(attributes.body);
  if (op === undefined || !isFloat(operands[0]!)) return otherErrors(operands, attributes.body)(call as never, context);
  const run: Run = (body, elements, initial) =>
    evaluateReduceWindow(
      { operands: [elements, initial], attributes: { ...attributes, body }, results: results.map(errorType) },
      context.evaluate,
    )[0]!;
  return [foldErrors(run, operands[0]!, operands[1]!, op)];
};

export const scatterErrors: ErrorRule<'scatter'> = (call, context) => {
  const { operands, attributes, results } = call;
  const { body } = attributes;
  const isAssigned = isAssign(body);
  if (operands.length !== 3 || !(isAssigned || isFloat(operands[0]!))) {
    return otherErrors(operands, body)(call as never, context);
  }
  const [operand, indices, updates] = operands as [Bounded, Bounded, Bounded];
  if (!isExact(indices)) return unknownErrors(results);
  const run: Run = (region, first, second) => {
    const moving = [first, indices.value, second];
    const changed = { ...attributes, body: region };
    return evaluateScatter(
      { operands: moving, attributes: changed, results: results.map(errorType) },
      context.evaluate,
    )[0]!;
  };
  if (isAssigned) {
    // In which order one element is assigned several times is not said.
    const ones = mapElements(updates.value.type, () => 1);
    const times = numbersOf(run(float64('add'), filledErrors(operand.value.type, 0), ones));
    const errors = numbersOf(run(assignRegion('float64'), operand.error, updates.error));
    return [mapElements(results[0]!, (i) => (times[i]! > 1 ? Number.POSITIVE_INFINITY : errors[i]!))];
  }
  const op = reducerKind(body);
  return op === undefined
    ? otherErrors(operands, body)(call as never, context)
    : [foldErrors(run, operand, updates, op)];
};

export const selectAndScatterErrors: ErrorRule<'select_and_scatter'> = (call, context) => {
  const { operands, attributes, results } = call;
  const [operand, source, initial] = operands as [Bounded, Bounded, Bounded];
  const op = reducerKind(attributes.scatter);
  if (!isFloat(operand) || op === undefined) return otherErrors(operands, attributes.scatter)(call as never, context);
  if (!isExact(operand)) return unknownErrors(results);
  const run: Run = (scatter, from, start) => {
    const moving = [operand.value, from, start];
    return evaluateSelectAndScatter(
      { operands: moving, attributes: { ...attributes, scatter }, results },
      context.evaluate,
    )[0]!;
  };
  return [foldErrors(run, source, initial, op)];
};
