/** Comparisons, logic and selection; results are bool. */

import { asTensor, promote, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { type ComparisonDirection, isFloating } from '@ceratops/kernel-registry';
import { type Binary, declare, defineOp, literal, type Op, type Unary, unary } from './support.js';

function comparison(className: string, direction: ComparisonDirection): Op<Binary> {
  return defineOp(declare(className, 2), (x1: TensorLike, x2: TensorLike) => {
    const [a, b] = promote(x1, x2) as [Tensor, Tensor];
    return prim.compare(a, b, direction);
  });
}

export const equal: Op<Binary> = /*#__PURE__*/ comparison('Equal', 'EQ');
export const notEqual: Op<Binary> = /*#__PURE__*/ comparison('NotEqual', 'NE');
export const less: Op<Binary> = /*#__PURE__*/ comparison('Less', 'LT');
export const lessEqual: Op<Binary> = /*#__PURE__*/ comparison('LessEqual', 'LE');
export const greater: Op<Binary> = /*#__PURE__*/ comparison('Greater', 'GT');
export const greaterEqual: Op<Binary> = /*#__PURE__*/ comparison('GreaterEqual', 'GE');

/** True where an element is not zero. */
export function truth(x: TensorLike): Tensor {
  const tensor = asTensor(x);
  return tensor.dtype === 'bool' ? tensor : prim.compare(tensor, literal(tensor, 0), 'NE');
}

function logical(className: string, fn: (a: Tensor, b: Tensor) => Tensor): Op<Binary> {
  return defineOp(declare(className, 2), (x1: TensorLike, x2: TensorLike) => {
    const [a, b] = promote(truth(x1), truth(x2)) as [Tensor, Tensor];
    return fn(a, b);
  });
}

export const logicalAnd: Op<Binary> = /*#__PURE__*/ logical('LogicalAnd', prim.and);
export const logicalOr: Op<Binary> = /*#__PURE__*/ logical('LogicalOr', prim.or);
export const logicalXor: Op<Binary> = /*#__PURE__*/ logical('LogicalXor', prim.xor);
export const logicalNot: Op<Unary> = /*#__PURE__*/ unary('LogicalNot', (x) => prim.not(truth(x)));

/** `x1` where the condition holds, else `x2`. */
export const where: Op<(condition: TensorLike, x1: TensorLike, x2: TensorLike) => Tensor> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Where', 3),
  (condition: TensorLike, x1: TensorLike, x2: TensorLike): Tensor => {
    const [a, b] = promote(x1, x2) as [Tensor, Tensor];
    const shape = broadcastShapes(truth(condition).shape, a.shape);
    return prim.select(
      prim.broadcastTo(truth(condition), shape),
      prim.broadcastTo(a, shape),
      prim.broadcastTo(b, shape),
    );
  },
);

/** Numpy's broadcasting of shapes; the caller's op reports a mismatch. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    return x === 1 ? y : x;
  });
}

function nothing(x: Tensor): Tensor {
  return prim.constant(false, { dtype: 'bool', shape: x.shape });
}

export const isnan: Op<Unary> = /*#__PURE__*/ unary('Isnan', (x) =>
  isFloating(x.dtype) ? prim.compare(x, x, 'NE') : nothing(x),
);
export const isinf: Op<Unary> = /*#__PURE__*/ unary('Isinf', (x) => {
  if (!isFloating(x.dtype)) return nothing(x);
  return prim.compare(prim.abs(x), literal(x, Number.POSITIVE_INFINITY), 'EQ');
});
export const isfinite: Op<Unary> = /*#__PURE__*/ unary('Isfinite', (x) =>
  isFloating(x.dtype) ? prim.isFinite(x) : prim.not(nothing(x)),
);
