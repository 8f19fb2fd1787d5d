/** Ops of the CHLO dialect, as JAX writes them. */

import { buildProgram } from '../../any-op.js';
import type { Emitter, Value } from '../../builder.js';
import { erf, erfInv } from '../../composites/index.js';
import { atLeastFloat32 } from '../../composites/precision.js';
import { isComplex, isFloating } from '../../dtype.js';
import {
  abs,
  add,
  atan2,
  compare,
  complex,
  composite,
  constantLike,
  cosine,
  divide,
  exponential,
  exponentialMinusOne,
  imag,
  iota,
  log,
  logPlusOne,
  multiply,
  negate,
  real,
  select,
  sign,
  sine,
  slice,
  sqrt,
  subtract,
} from '../../emit/index.js';
import { totalOrderKey } from './bits.js';
import { type Expansion, onFloats } from './expansion.js';

type Formula = (emitter: Emitter, x: Value, number: (value: number) => Value) => Value;

/** A formula in float32 or float64; 16-bit operands are widened for it. */
function formula(compute: Formula): Expansion {
  return onFloats((emitter, x) =>
    atLeastFloat32(emitter, x!, (wide) => compute(emitter, wide, (value) => constantLike(emitter, wide, value))),
  );
}

/** A formula for floats, another for complex operands. */
function either(floats: Expansion, complexes: (emitter: Emitter, x: Value) => Value): Expansion {
  return (emitter, operands, context) =>
    isComplex(operands[0]!.type.dtype) ? [complexes(emitter, operands[0]!)] : floats(emitter, operands, context);
}

/** (e^(|x|/2) / 2) · e^(|x|/2): where e^|x| overflows and half of it does not. */
function halfExponential(emitter: Emitter, magnitude: Value, half: Value): Value {
  const root = exponential(emitter, multiply(emitter, magnitude, half));
  return multiply(emitter, multiply(emitter, half, root), root);
}

/** (u + u / (u + 1)) / 2 with u = e^|x| - 1. */
const sinh: Formula = (emitter, x, number) => {
  const magnitude = abs(emitter, x);
  const u = exponentialMinusOne(emitter, magnitude);
  const quotient = divide(emitter, u, add(emitter, u, number(1)));
  const near = multiply(emitter, number(0.5), add(emitter, u, quotient));
  const far = halfExponential(emitter, magnitude, number(0.5));
  const isFar = compare(emitter, magnitude, number(20), 'GT');
  return multiply(emitter, sign(emitter, x), select(emitter, isFar, far, near));
};

const cosh: Formula = (emitter, x, number) => {
  const magnitude = abs(emitter, x);
  const e = exponential(emitter, magnitude);
  const near = multiply(emitter, number(0.5), add(emitter, e, divide(emitter, number(1), e)));
  const far = halfExponential(emitter, magnitude, number(0.5));
  return select(emitter, compare(emitter, magnitude, number(20), 'GT'), far, near);
};

/** √((1 - x)(1 + x)) */
const cathetus: Formula = (emitter, x, number) =>
  sqrt(emitter, multiply(emitter, subtract(emitter, number(1), x), add(emitter, number(1), x)));

const asin: Formula = (emitter, x, number) => atan2(emitter, x, cathetus(emitter, x, number));

const acos: Formula = (emitter, x, number) => atan2(emitter, cathetus(emitter, x, number), x);

const atanh: Formula = (emitter, x, number) =>
  multiply(emitter, number(0.5), subtract(emitter, logPlusOne(emitter, x), logPlusOne(emitter, negate(emitter, x))));

/** log1p(|x| + x² / (1 + √(1 + x²))), and log |x| + log 2 where x² would overflow. */
const asinh: Formula = (emitter, x, number) => {
  const magnitude = abs(emitter, x);
  const square = multiply(emitter, x, x);
  const root = add(emitter, number(1), sqrt(emitter, add(emitter, number(1), square)));
  const near = logPlusOne(emitter, add(emitter, magnitude, divide(emitter, square, root)));
  const far = add(emitter, log(emitter, magnitude), number(Math.LN2));
  const isFar = compare(emitter, magnitude, number(1e12), 'GT');
  return multiply(emitter, sign(emitter, x), select(emitter, isFar, far, near));
};

/** log1p(t + √(t (t + 2))) with t = x - 1; NaN below 1. */
const acosh: Formula = (emitter, x, number) => {
  const t = subtract(emitter, x, number(1));
  const root = sqrt(emitter, multiply(emitter, t, add(emitter, t, number(2))));
  const near = logPlusOne(emitter, add(emitter, t, root));
  const far = add(emitter, log(emitter, x), number(Math.LN2));
  const defined = select(emitter, compare(emitter, x, number(1e12), 'GT'), far, near);
  return select(emitter, compare(emitter, x, number(1), 'LT'), number(Number.NaN), defined);
};

const tan: Formula = (emitter, x) => divide(emitter, sine(emitter, x), cosine(emitter, x));

/** i · z */
function timesI(emitter: Emitter, z: Value): Value {
  return complex(emitter, negate(emitter, imag(emitter, z)), real(emitter, z));
}

/** The largest `k` of the last dimension with their indices, NaN first, ties in order. */
const topK: Expansion = (emitter, [x], { fields }) => {
  const { shape, dtype } = x!.type;
  const last = shape.length - 1;
  const indices = iota(emitter, { dtype: 'int32', shape }, last);
  const scalar = { dtype, shape: [] };
  const index = { dtype: 'int32', shape: [] } as const;
  const comparator = buildProgram([scalar, scalar, index, index], (inner, a, b) => {
    const key = (value: Value): Value => (isFloating(dtype) ? totalOrderKey(inner, value) : value);
    return [compare(inner, key(a!), key(b!), 'GT')];
  });
  const sorted = emitter.emit('sort', [x!, indices], { dimension: last, isStable: true, comparator });
  const limits = [...shape.slice(0, -1), fields.integer('k')];
  return sorted.map((value) =>
    slice(
      emitter,
      value,
      shape.map(() => 0),
      limits,
    ),
  );
};

export const chloExpansions: Readonly<Record<string, Expansion>> = {
  'chlo.tan': either(formula(tan), (emitter, z) => divide(emitter, sine(emitter, z), cosine(emitter, z))),
  // sinh z = -i sin iz, cosh z = cos iz
  'chlo.sinh': either(formula(sinh), (emitter, z) =>
    negate(emitter, timesI(emitter, sine(emitter, timesI(emitter, z)))),
  ),
  'chlo.cosh': either(formula(cosh), (emitter, z) => cosine(emitter, timesI(emitter, z))),
  'chlo.asin': formula(asin),
  'chlo.acos': formula(acos),
  'chlo.atan': formula((emitter, x, number) => atan2(emitter, x, number(1))),
  'chlo.asinh': formula(asinh),
  'chlo.acosh': formula(acosh),
  'chlo.atanh': formula(atanh),
  'chlo.erf': onFloats((emitter, x) => composite(emitter, erf, [x!])[0]!),
  'chlo.erf_inv': onFloats((emitter, x) => composite(emitter, erfInv, [x!])[0]!),
  'chlo.square': (emitter, [x]) => [multiply(emitter, x!, x!)],
  'chlo.top_k': topK,
};
