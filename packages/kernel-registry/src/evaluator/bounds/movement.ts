/** Errors move as the elements do. */

import { isFloating } from '../../dtype.js';
import type { EvaluateRule } from '../context.js';
import { evaluateGather } from '../gather.js';
import {
  evaluateBroadcast,
  evaluateConcatenate,
  evaluateDynamicSlice,
  evaluateDynamicUpdateSlice,
  evaluatePad,
  evaluateReshape,
  evaluateReverse,
  evaluateSlice,
  evaluateTranspose,
} from '../movement.js';
import { type ErrorRule, errorType, filledErrors, isExact, mapElements, numbersOf, unknownErrors } from './bounded.js';
import { roundingErrorOf } from './rounding-error.js';

type Movement = 'reshape' | 'broadcast_in_dim' | 'transpose' | 'slice' | 'pad' | 'concatenate' | 'reverse';

function moved<O extends Movement>(evaluate: EvaluateRule<O>): ErrorRule<O> {
  return ({ operands, attributes, results }, context) =>
    evaluate(
      { operands: operands.map(({ error }) => error), attributes, results: results.map(errorType) },
      context.evaluate,
    );
}

export const movementErrors: { readonly [O in Movement]: ErrorRule<O> } = {
  reshape: moved(evaluateReshape),
  broadcast_in_dim: moved(evaluateBroadcast),
  transpose: moved(evaluateTranspose),
  slice: moved(evaluateSlice),
  pad: moved(evaluatePad),
  concatenate: moved(evaluateConcatenate),
  reverse: moved(evaluateReverse),
};

export const constantErrors: ErrorRule<'constant'> = ({ results }) => [filledErrors(results[0]!, 0)];

export const iotaErrors: ErrorRule<'iota'> = ({ results, values }) => {
  const { dtype } = results[0]!;
  if (!isFloating(dtype)) return [filledErrors(results[0]!, 0)];
  const rounding = roundingErrorOf(dtype);
  return [
    mapElements(results[0]!, (i) => (dtype === 'float64' ? 0 : rounding.ofRounding(numbersOf(values[0]!)[i]!, 0))),
  ];
};

export const gatherErrors: ErrorRule<'gather'> = ({ operands, attributes, results }, context) => {
  const [operand, indices] = operands;
  if (!isExact(indices!)) return unknownErrors(results);
  const call = { operands: [operand!.error, indices!.value], attributes, results: results.map(errorType) };
  return evaluateGather(call, context.evaluate);
};

export const dynamicSliceErrors: ErrorRule<'dynamic_slice'> = ({ operands, attributes, results }, context) => {
  const [operand, ...starts] = operands;
  if (!starts.every(isExact)) return unknownErrors(results);
  const moving = [operand!.error, ...starts.map(({ value }) => value)];
  return evaluateDynamicSlice({ operands: moving, attributes, results: results.map(errorType) }, context.evaluate);
};

export const dynamicUpdateSliceErrors: ErrorRule<'dynamic_update_slice'> = (call, context) => {
  const { operands, attributes, results } = call;
  const [operand, update, ...starts] = operands;
  if (!starts.every(isExact)) return unknownErrors(results);
  const moving = [operand!.error, update!.error, ...starts.map(({ value }) => value)];
  return evaluateDynamicUpdateSlice(
    { operands: moving, attributes, results: results.map(errorType) },
    context.evaluate,
  );
};

/** Bits are those of the exact number, whose zero may have either sign and whose NaN any payload. */
export const bitcastErrors: ErrorRule<'bitcast_convert'> = ({ operands, results }) => {
  const [{ value, error }] = operands as [(typeof operands)[number]];
  const toBits = isFloating(value.type.dtype) && !isFloating(results[0]!.dtype);
  const isSure = (i: number): boolean => {
    const x = Number(value.data[i]);
    return numbersOf(error)[i] === 0 && !(toBits && (x === 0 || Number.isNaN(x)));
  };
  if (value.data.length !== numbersOf(filledErrors(results[0]!, 0)).length) {
    const all = Array.from(value.data as Float64Array).every((_, i) => isSure(i));
    return [filledErrors(results[0]!, all ? 0 : Number.POSITIVE_INFINITY)];
  }
  return [mapElements(results[0]!, (i) => (isSure(i) ? 0 : Number.POSITIVE_INFINITY))];
};
