/** Errors of sorted values. */

import { comparatorDirection } from '../../comparator-direction.js';
import { comparatorRegion } from '../../region.js';
import { stridesOf } from '../../tensor-type.js';
import { offsetsOf, pick, remainingAxes } from '../indexing.js';
import { evaluateSort } from '../sort.js';
import type { Tensor } from '../tensor.js';
import { type ErrorRule, errorType, isExact, numbersOf, unknownErrors } from './bounded.js';

export const sortErrors: ErrorRule<'sort'> = ({ operands, attributes, results, values }, context) => {
  const direction = comparatorDirection(attributes.comparator);
  if (direction === undefined && !operands.every(isExact)) return unknownErrors(results);
  const order = direction ?? 'LT';
  // The errors are sorted along with what they belong to.
  const moving = operands.flatMap(({ value, error }) => [value, error]);
  const comparator =
    direction === undefined
      ? undefined
      : comparatorRegion(
          moving.map(({ type }) => type.dtype),
          order,
        );
  if (comparator === undefined)
    return results.map((type) => ({ type: errorType(type), data: new Float64Array(values[0]!.data.length) }));
  const sorted = evaluateSort(
    { operands: moving, attributes: { ...attributes, comparator }, results: moving.map(({ type }) => type) },
    context.evaluate,
  );
  const errors = operands.map((_, i) => sorted[2 * i + 1]!);
  blur(values[0]!, errors, attributes.dimension);
  return errors;
};

/**
 * Where neighbours could change places, nothing is known of what comes along with the keys; the keys themselves are off by the largest error
 * of their line at most. NaN has no place.
 */
function blur(keys: Tensor, errors: readonly Tensor[], dimension: number): void {
  const { shape } = keys.type;
  const strides = stridesOf(shape);
  const kept = remainingAxes(shape.length, [dimension]);
  const [ofKeys, ...ofOthers] = errors.map(numbersOf) as [Float64Array, ...Float64Array[]];
  for (const base of offsetsOf(pick(shape, kept), pick(strides, kept))) {
    const line = Array.from(offsetsOf([shape[dimension]!], [strides[dimension]!]), (offset) => base + offset);
    const touches = line.some((at, i) => {
      const next = line[i + 1];
      if (next === undefined) return false;
      const error = ofKeys[at]! + ofKeys[next]!;
      return error > 0 && !(Math.abs(Number(keys.data[at]) - Number(keys.data[next])) > error);
    });
    const isOrdered = !line.some((at) => Number.isNaN(Number(keys.data[at])));
    if (isOrdered && !touches) continue;
    const most = isOrdered ? line.reduce((largest, at) => Math.max(largest, ofKeys[at]!), 0) : Number.POSITIVE_INFINITY;
    for (const at of line) {
      ofKeys[at] = most;
      for (const other of ofOthers) other[at] = Number.POSITIVE_INFINITY;
    }
  }
}
