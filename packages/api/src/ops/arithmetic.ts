/** Arithmetic with numpy's broadcasting and Keras' promotion. */

import { promote, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { dtypes, isFloating } from '@ceratops/kernel-registry';
import {
  type Binary,
  declare,
  defineOp,
  floatUnary,
  leading,
  literal,
  type Op,
  toFloat,
  type Unary,
  unary,
} from './support.js';

/** An op on two tensors that are first brought to one dtype and shape. */
export function binary(className: string, fn: (a: Tensor, b: Tensor) => Tensor): Op<Binary> {
  return defineOp(declare(className, 2), (x1: TensorLike, x2: TensorLike) => {
    const [a, b] = promote(x1, x2) as [Tensor, Tensor];
    return fn(a, b);
  });
}

/** As `binary`, with integers converted to the default float. */
function floatBinary(className: string, fn: (a: Tensor, b: Tensor) => Tensor): Op<Binary> {
  return binary(className, (a, b) => fn(toFloat(a), toFloat(b)));
}

function onBooleans(
  logical: (a: Tensor, b: Tensor) => Tensor,
  numeric: (a: Tensor, b: Tensor) => Tensor,
): typeof numeric {
  return (a, b) => (a.dtype === 'bool' ? logical(a, b) : numeric(a, b));
}

/** Element-wise sum. */
export const add: Op<Binary> = /*#__PURE__*/ binary('Add', /*#__PURE__*/ onBooleans(prim.or, prim.add));
/** Element-wise difference. */
export const subtract: Op<Binary> = /*#__PURE__*/ binary('Subtract', prim.subtract);
/** Element-wise product. */
export const multiply: Op<Binary> = /*#__PURE__*/ binary('Multiply', /*#__PURE__*/ onBooleans(prim.and, prim.multiply));
/** Element-wise quotient, always a float. */
export const divide: Op<Binary> = /*#__PURE__*/ floatBinary('Divide', prim.divide);
/** The same as `divide`; what `/` of symbolic tensors makes in Python. */
export const trueDivide: Op<Binary> = /*#__PURE__*/ floatBinary('TrueDivide', prim.divide);

/** The quotient, and 0 where the divisor is 0. */
export const divideNoNan: Op<Binary> = /*#__PURE__*/ binary('DivideNoNan', (a, b) => {
  const [x, y] = [toFloat(a), toFloat(b)];
  const zero = literal(y, 0);
  const isZero = prim.compare(y, zero, 'EQ');
  return prim.select(isZero, zero, prim.divide(x, prim.select(isZero, literal(y, 1), y)));
});

function floorMod(a: Tensor, b: Tensor): Tensor {
  const rest = prim.remainder(a, b);
  const zero = literal(rest, 0);
  const differ = prim.xor(prim.compare(rest, zero, 'LT'), prim.compare(b, zero, 'LT'));
  const wrong = prim.and(prim.compare(rest, zero, 'NE'), differ);
  return prim.select(wrong, prim.add(rest, b), rest);
}

/** Remainder with the sign of the divisor, as Python's `%`. */
export const mod: Op<Binary> = /*#__PURE__*/ binary('Mod', floorMod);

/** Quotient rounded towards minus infinity. */
export const floorDivide: Op<Binary> = /*#__PURE__*/ binary('FloorDivide', (a, b) => {
  if (isFloating(a.dtype)) {
    const quotient = prim.divide(prim.subtract(a, floorMod(a, b)), b);
    return prim.roundNearestEven(quotient);
  }
  return prim.divide(prim.subtract(a, floorMod(a, b)), b);
});

function repeatedSquares(x: Tensor, exponent: number): Tensor {
  let result: Tensor | undefined;
  for (let factor = x, rest = exponent; ; factor = prim.multiply(factor, factor)) {
    if (rest % 2 === 1) result = result === undefined ? factor : prim.multiply(result, factor);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}

/** `x1` to the power `x2`. Small integer exponents multiply, as XLA does for literals. */
export const power: Op<Binary> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Power', 2),
  (x1: TensorLike, x2: TensorLike) => {
    const [a, b] = promote(x1, x2) as [Tensor, Tensor];
    if (typeof x2 === 'number' && Number.isInteger(x2) && x2 >= 1 && x2 <= 16) return repeatedSquares(a, x2);
    return prim.power(a, b);
  },
);

/** Element-wise larger value; NaN wins. */
export const maximum: Op<Binary> = /*#__PURE__*/ binary('Maximum', /*#__PURE__*/ onBooleans(prim.or, prim.maximum));
/** Element-wise smaller value; NaN wins. */
export const minimum: Op<Binary> = /*#__PURE__*/ binary('Minimum', /*#__PURE__*/ onBooleans(prim.and, prim.minimum));
/** The angle of the point (x2, x1). */
export const arctan2: Op<Binary> = /*#__PURE__*/ floatBinary('Arctan2', prim.atan2);

export const negative: Op<Unary> = /*#__PURE__*/ unary('Negative', prim.negate);
export const absolute: Op<Unary> = /*#__PURE__*/ unary('Absolute', (x) => {
  const { kind } = dtypes[x.dtype];
  return kind === 'bool' || kind === 'uint' ? x : prim.abs(x);
});
/** The same as `absolute`. */
export const abs: Op<Unary> = absolute;
/** -1, 0 or 1. */
export const sign: Op<Unary> = /*#__PURE__*/ unary('Sign', prim.sign);
export const square: Op<Unary> = /*#__PURE__*/ unary('Square', (x) => {
  const number = x.dtype === 'bool' ? prim.convert(x, 'int32') : x;
  return prim.multiply(number, number);
});
/** 1 / x. */
export const reciprocal: Op<Unary> = /*#__PURE__*/ floatUnary('Reciprocal', (x) => prim.divide(literal(x, 1), x));

export interface ClipOptions {
  readonly xMin?: TensorLike | undefined;
  readonly xMax?: TensorLike | undefined;
}

/** `x` limited to [xMin, xMax]. */
export const clip: Op<(x: TensorLike, xMin: TensorLike | ClipOptions, xMax?: TensorLike) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Clip', 1, 'numpy', ['xMin', 'xMax']),
    (x: TensorLike, xMin: TensorLike | ClipOptions, xMax?: TensorLike): Tensor => {
      const limits = leading<ClipOptions>('xMin', xMin, xMax === undefined ? undefined : { xMax });
      const { xMin: low, xMax: high } = limits as Required<ClipOptions>;
      const [value, floor, ceiling] = promote(x, low as TensorLike, high as TensorLike) as [Tensor, Tensor, Tensor];
      return prim.minimum(prim.maximum(value, floor), ceiling);
    },
  );
