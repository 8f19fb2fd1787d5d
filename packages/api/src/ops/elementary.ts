/** Exponentials, logarithms, roots, trigonometry, rounding. Integers are computed in the default float. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { isFloating } from '@ceratops/kernel-registry';
import { erf as erfComposite, rsqrt as rsqrtComposite } from '@ceratops/kernel-registry/composites';
import { binary } from './arithmetic.js';
import {
  type Binary,
  declare,
  defineOp,
  floatUnary,
  leading,
  literal,
  negativeSize,
  type Op,
  toFloat,
  type Unary,
  unary,
} from './support.js';

function divideBy(x: Tensor, value: number): Tensor {
  return prim.divide(x, literal(x, value));
}

function times(x: Tensor, value: number): Tensor {
  return prim.multiply(x, literal(x, value));
}

function plus(x: Tensor, value: number): Tensor {
  return prim.add(x, literal(x, value));
}

export const exp: Op<Unary> = /*#__PURE__*/ floatUnary('Exp', prim.exponential);
/** eˣ - 1, exact near 0. */
export const expm1: Op<Unary> = /*#__PURE__*/ floatUnary('Expm1', prim.exponentialMinusOne);
export const exp2: Op<Unary> = /*#__PURE__*/ floatUnary('Exp2', (x) => prim.exponential(times(x, Math.LN2)));
/** Natural logarithm. */
export const log: Op<Unary> = /*#__PURE__*/ floatUnary('Log', prim.log);
/** log(1 + x), exact near 0. */
export const log1p: Op<Unary> = /*#__PURE__*/ floatUnary('Log1p', prim.logPlusOne);
export const log2: Op<Unary> = /*#__PURE__*/ floatUnary('Log2', (x) => divideBy(prim.log(x), Math.LN2));
export const log10: Op<Unary> = /*#__PURE__*/ floatUnary('Log10', (x) => divideBy(prim.log(x), Math.LN10));
export const sqrt: Op<Unary> = /*#__PURE__*/ floatUnary('Sqrt', prim.sqrt);
/** 1 / √x. */
export const rsqrt: Op<Unary> = /*#__PURE__*/ floatUnary(
  'Rsqrt',
  (x) => prim.compositeAtHand(rsqrtComposite, [x])[0]!,
  'math',
);

/** log(eᵃ + eᵇ) without overflow. */
export const logaddexp: Op<Binary> = /*#__PURE__*/ binary('Logaddexp', (a, b) => {
  const [x, y] = [toFloat(a), toFloat(b)];
  const difference = prim.subtract(x, y);
  const sum = prim.add(prim.maximum(x, y), prim.logPlusOne(prim.exponential(negativeSize(difference))));
  // Equal infinities have no difference.
  return prim.select(prim.compare(difference, difference, 'NE'), prim.add(x, y), sum);
});

export const sin: Op<Unary> = /*#__PURE__*/ floatUnary('Sin', prim.sine);
export const cos: Op<Unary> = /*#__PURE__*/ floatUnary('Cos', prim.cosine);
export const tan: Op<Unary> = /*#__PURE__*/ floatUnary('Tan', (x) => prim.divide(prim.sine(x), prim.cosine(x)));
export const tanh: Op<Unary> = /*#__PURE__*/ floatUnary('Tanh', prim.tanh);
/** (eˣ - e⁻ˣ) / 2, through expm1 so that small x keep their digits. */
export const sinh: Op<Unary> = /*#__PURE__*/ floatUnary('Sinh', (x) => {
  return times(prim.subtract(prim.exponentialMinusOne(x), prim.exponentialMinusOne(prim.negate(x))), 0.5);
});
export const cosh: Op<Unary> = /*#__PURE__*/ floatUnary('Cosh', (x) => {
  return times(prim.add(prim.exponential(x), prim.exponential(prim.negate(x))), 0.5);
});

/** √((1 - x)(1 + x)), without the cancellation of 1 - x². */
function cosineOfArcsine(x: Tensor): Tensor {
  return prim.sqrt(prim.multiply(plus(prim.negate(x), 1), plus(x, 1)));
}

export const arcsin: Op<Unary> = /*#__PURE__*/ floatUnary('Arcsin', (x) => prim.atan2(x, cosineOfArcsine(x)));
export const arccos: Op<Unary> = /*#__PURE__*/ floatUnary('Arccos', (x) => prim.atan2(cosineOfArcsine(x), x));
export const arctan: Op<Unary> = /*#__PURE__*/ floatUnary('Arctan', (x) => prim.atan2(x, literal(x, 1)));
/** sign(x) · log(|x| + √(x² + 1)), arranged to keep small x exact. */
export const arcsinh: Op<Unary> = /*#__PURE__*/ floatUnary('Arcsinh', (x) => {
  const size = prim.abs(x);
  const squared = prim.multiply(x, x);
  const excess = prim.divide(squared, plus(prim.sqrt(plus(squared, 1)), 1));
  return prim.multiply(prim.sign(x), prim.logPlusOne(prim.add(size, excess)));
});
export const arccosh: Op<Unary> = /*#__PURE__*/ floatUnary('Arccosh', (x) => {
  const root = prim.multiply(prim.sqrt(plus(x, -1)), prim.sqrt(plus(x, 1)));
  return prim.log(prim.add(x, root));
});
export const arctanh: Op<Unary> = /*#__PURE__*/ floatUnary('Arctanh', (x) => {
  return times(prim.subtract(prim.logPlusOne(x), prim.logPlusOne(prim.negate(x))), 0.5);
});

function onFloats(fn: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => (isFloating(x.dtype) ? fn(x) : x);
}

export const floor: Op<Unary> = /*#__PURE__*/ floatUnary('Floor', prim.floor);
export const ceil: Op<Unary> = /*#__PURE__*/ floatUnary('Ceil', prim.ceil);
/** Rounded towards zero. */
export const trunc: Op<Unary> = /*#__PURE__*/ unary(
  'Trunc',
  /*#__PURE__*/ onFloats((x) => prim.multiply(prim.sign(x), prim.floor(prim.abs(x)))),
);

export interface RoundOptions {
  readonly decimals?: number | undefined;
}

/** To the nearest integer, or to `decimals` digits; halves go to even. */
export const round: Op<(x: TensorLike, decimals?: number | RoundOptions) => Tensor> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Round', 1, 'numpy', ['decimals'], { defaults: { decimals: 0 } }),
  (x: TensorLike, first?: number | RoundOptions): Tensor => {
    const { decimals = 0 } = leading<RoundOptions>('decimals', first, undefined);
    const value = asTensor(x);
    if (!isFloating(value.dtype)) return value;
    if (decimals === 0) return prim.roundNearestEven(value);
    const factor = literal(value, 10 ** decimals);
    return prim.divide(prim.roundNearestEven(prim.multiply(value, factor)), factor);
  },
);

/** The error function. */
export const erf: Op<Unary> = /*#__PURE__*/ floatUnary(
  'Erf',
  (x) => prim.compositeAtHand(erfComposite, [x])[0]!,
  'math',
);

export interface NanToNumOptions {
  readonly nan?: number | undefined;
  readonly posinf?: number | undefined;
  readonly neginf?: number | undefined;
}

/** NaN becomes 0 and the infinities the largest finite values, or what the options say. */
export const nanToNum: Op<(x: TensorLike, nan?: number | NanToNumOptions, options?: NanToNumOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('NanToNum', 1, 'numpy', ['nan', 'posinf', 'neginf'], { defaults: { nan: 0 } }),
    (x: TensorLike, first?: number | NanToNumOptions, options?: NanToNumOptions): Tensor => {
      const value = asTensor(x);
      if (!isFloating(value.dtype)) return value;
      const largest = largestFinite[value.dtype] ?? 3.4028234663852886e38;
      const { nan = 0, posinf = largest, neginf = -largest } = leading<NanToNumOptions>('nan', first, options);
      const replace = (from: Tensor, condition: Tensor, by: number): Tensor =>
        prim.select(condition, literal(value, by), from);
      const clean = replace(value, prim.compare(value, value, 'NE'), nan);
      const low = replace(clean, prim.compare(value, literal(value, Number.NEGATIVE_INFINITY), 'EQ'), neginf);
      return replace(low, prim.compare(value, literal(value, Number.POSITIVE_INFINITY), 'EQ'), posinf);
    },
  );

const largestFinite: { readonly [dtype: string]: number } = {
  float16: 65504,
  bfloat16: 3.3895313892515355e38,
  float64: Number.MAX_VALUE,
};
