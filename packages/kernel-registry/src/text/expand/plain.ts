/** StableHLO ops that are short formulas of opset ops. */

import type { Emitter, Value } from '../../builder.js';
import { logistic, rsqrt } from '../../composites/index.js';
import { isComplex } from '../../dtype.js';
import {
  abs,
  add,
  and,
  broadcastInDim,
  compare,
  composite,
  constantLike,
  cosine,
  divide,
  dotGeneral,
  exponential,
  fill,
  isFinite as finite,
  floor,
  maximum,
  minimum,
  multiply,
  negate,
  power,
  select,
  sign,
  sine,
  sqrt,
  subtract,
} from '../../emit/index.js';
import { elementwiseOps } from '../../opset.js';
import { type Expansion, onFloats } from './expansion.js';

/** Bounds may be scalars. */
const clamp: Expansion = (emitter, [low, operand, high]) => {
  const spread = (bound: Value): Value =>
    bound.type.shape.length === 0 ? broadcastInDim(emitter, bound, operand!.type.shape, []) : bound;
  return [minimum(emitter, maximum(emitter, operand!, spread(low!)), spread(high!))];
};

/** A composite for floats, a formula for complex numbers. */
const reciprocalSqrt: Expansion = (emitter, [x]) =>
  isComplex(x!.type.dtype)
    ? [divide(emitter, constantLike(emitter, x!, 1), sqrt(emitter, x!))]
    : composite(emitter, rsqrt, [x!]);

const sigmoid: Expansion = (emitter, [x]) => {
  if (!isComplex(x!.type.dtype)) return composite(emitter, logistic, [x!]);
  const one = constantLike(emitter, x!, 1);
  return [divide(emitter, one, add(emitter, one, exponential(emitter, negate(emitter, x!))))];
};

/** A power and one step of Newton's, since 1/3 is not exact. */
function cubeRoot(emitter: Emitter, x: Value): Value {
  const third = constantLike(emitter, x, 1 / 3);
  const guess = multiply(emitter, sign(emitter, x), power(emitter, abs(emitter, x), third));
  const error = subtract(emitter, guess, divide(emitter, x, multiply(emitter, guess, guess)));
  const better = subtract(emitter, guess, multiply(emitter, error, third));
  const nonZero = compare(emitter, x, constantLike(emitter, x, 0), 'NE');
  return select(emitter, and(emitter, nonZero, finite(emitter, x)), better, guess);
}

function roundAwayFromZero(emitter: Emitter, x: Value): Value {
  const magnitude = abs(emitter, x);
  const below = floor(emitter, magnitude);
  const half = constantLike(emitter, x, 0.5);
  const up = compare(emitter, subtract(emitter, magnitude, below), half, 'GE');
  const rounded = select(emitter, up, add(emitter, below, constantLike(emitter, x, 1)), below);
  return multiply(emitter, sign(emitter, x), rounded);
}

/** A region of elementwise ops applies to whole tensors as it does to scalars. */
const map: Expansion = (emitter, operands, { regions, resultTypes, fail }) => {
  const [region] = regions;
  const { shape } = resultTypes[0]!;
  const values: Value[] = [...operands];
  for (const { op, operands: ids, attributes } of region!.instructions) {
    if (op !== 'constant' && !elementwiseOps.has(op)) throw fail(`a region of elementwise ops, without ${op}`);
    const results = emitter.emit(
      op,
      ids.map((id) => values[id]!),
      attributes,
    );
    values.push(...results.map((value) => (op === 'constant' ? broadcastInDim(emitter, value, shape, []) : value)));
  }
  return region!.outputs.map((id) => values[id]!);
};

export const plainExpansions: Readonly<Record<string, Expansion>> = {
  'stablehlo.clamp': clamp,
  'stablehlo.rsqrt': reciprocalSqrt,
  'stablehlo.logistic': sigmoid,
  'stablehlo.cbrt': onFloats(cubeRoot),
  'stablehlo.round_nearest_afz': onFloats(roundAwayFromZero),
  'stablehlo.map': map,
  'stablehlo.tan': (emitter, [x]) => [divide(emitter, sine(emitter, x!), cosine(emitter, x!))],
  'stablehlo.broadcast': (emitter, [x], { resultTypes }) => {
    const { shape } = resultTypes[0]!;
    const added = shape.length - x!.type.shape.length;
    const dimensions = x!.type.shape.map((_, axis) => axis + added);
    return [broadcastInDim(emitter, x!, shape, dimensions)];
  },
  'stablehlo.dot': (emitter, [lhs, rhs], { resultTypes }) => [
    dotGeneral(emitter, lhs!, rhs!, {
      lhsContractingDimensions: [lhs!.type.shape.length - 1],
      rhsContractingDimensions: [0],
      dtype: resultTypes[0]!.dtype,
    }),
  ],
  'stablehlo.get_dimension_size': (emitter, [x], { fields }) => {
    const size = x!.type.shape[fields.integer('dimension')]!;
    return [fill(emitter, { dtype: 'int32', shape: [] }, size)];
  },
};
