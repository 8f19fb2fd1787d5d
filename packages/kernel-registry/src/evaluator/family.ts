/** What each element type can do: a family holds the scalar functions of one dtype, results rounded or wrapped. */

import type { BinaryOp, ComparisonDirection, UnaryOp } from '../opset.js';
import type { Scalar } from './tensor.js';

export interface Family<S extends Scalar> {
  /** `abs` of a complex number is a real one and `is_finite` a bool; all others return the operand's type. */
  readonly unary: { readonly [O in UnaryOp]?: (x: S) => Scalar };
  readonly binary: { readonly [O in BinaryOp]?: (a: S, b: S) => S };
  readonly compare: { readonly [D in ComparisonDirection]: (a: S, b: S) => boolean };
}

/** JavaScript's own comparison has IEEE's meaning: only NE holds for NaN. */
export const orderedComparison: Family<number>['compare'] & Family<bigint>['compare'] = {
  EQ: (a: number | bigint, b: number | bigint) => a === b,
  NE: (a: number | bigint, b: number | bigint) => a !== b,
  LT: (a: number | bigint, b: number | bigint) => a < b,
  LE: (a: number | bigint, b: number | bigint) => a <= b,
  GT: (a: number | bigint, b: number | bigint) => a > b,
  GE: (a: number | bigint, b: number | bigint) => a >= b,
};
