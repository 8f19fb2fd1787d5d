/** Products that contract axes: matmul, dot, tensordot, outer. */

import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { type Binary, castTo, declare, defineOp, normalizeAxis, type Op, shapeError } from './support.js';

function pairOf(x1: TensorLike, x2: TensorLike): [Tensor, Tensor] {
  const [a, b] = [asTensor(x1), asTensor(x2)];
  const dtype = promoteTypes(a.dtype, b.dtype);
  return [castTo(a, dtype), castTo(b, dtype)];
}

function contract(a: Tensor, b: Tensor, left: readonly number[], right: readonly number[], subject: string): Tensor {
  left.forEach((axis, i) => {
    if (a.shape[axis] === b.shape[right[i]!]) return;
    const received = `[${a.shape.join(', ')}] and [${b.shape.join(', ')}]`;
    throw shapeError(subject, 'the contracted axes differ in size', `${a.shape[axis]}`, received);
  });
  return prim.dotGeneral(a, b, { contracting: [left, right], batching: [[], []] });
}

function batchShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw shapeError('matmul', 'the batch axes do not broadcast', `[${a.join(', ')}]`, `[${b.join(', ')}]`);
    return x === 1 ? y : x;
  });
}

/** Matrices on the right, broadcast batch axes on the left. */
function batchedMatmul(a: Tensor, b: Tensor): Tensor {
  const batch = batchShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const left = prim.broadcastTo(a, [...batch, ...a.shape.slice(-2)]);
  const right = prim.broadcastTo(b, [...batch, ...b.shape.slice(-2)]);
  const axes = batch.map((_, i) => i);
  if (left.shape.at(-1) !== right.shape.at(-2)) {
    throw shapeError('matmul', 'the inner sizes differ', `${left.shape.at(-1)}`, `${right.shape.at(-2)}`);
  }
  return prim.dotGeneral(left, right, { contracting: [[batch.length + 1], [batch.length]], batching: [axes, axes] });
}

/** Matrix product, batched over leading axes; vectors lose the axis they were given. */
export const matmul: Op<Binary> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Matmul', 2),
  (x1: TensorLike, x2: TensorLike): Tensor => {
    const [a, b] = pairOf(x1, x2);
    const [m, n] = [a.shape.length, b.shape.length];
    if (m === 0 || n === 0) throw shapeError('matmul', 'scalars have no matrix product', 'rank 1 or more', 'rank 0');
    if (n <= 2) return contract(a, b, [m - 1], [Math.max(0, n - 2)], 'matmul');
    if (m >= 2) return batchedMatmul(a, b);
    const product = batchedMatmul(prim.reshape(a, [1, a.shape[0]!]), b);
    return prim.reshape(product, [...product.shape.slice(0, -2), product.shape.at(-1)!]);
  },
);

/** Numpy's dot: the last axis of `x1` with the last but one of `x2`. */
export const dot: Op<Binary> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Dot', 2),
  (x1: TensorLike, x2: TensorLike): Tensor => {
    const [a, b] = pairOf(x1, x2);
    if (a.shape.length === 0 || b.shape.length === 0) {
      const [scalar, other] = a.shape.length === 0 ? [a, b] : [b, a];
      return prim.multiply(prim.broadcastTo(scalar, other.shape), other);
    }
    return contract(a, b, [a.shape.length - 1], [Math.max(0, b.shape.length - 2)], 'dot');
  },
);

export interface TensordotOptions {
  /** How many axes (the last of x1 with the first of x2), or a list of axes for each. */
  readonly axes?:
    | number
    | readonly [number | readonly number[], number | readonly number[]]
    | readonly (readonly number[])[]
    | undefined;
}

/** Contracts the given axes. */
export const tensordot: Op<
  (x1: TensorLike, x2: TensorLike, axes?: TensordotOptions['axes'] | TensordotOptions) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Tensordot', 2, 'numpy', ['axes']),
  (x1: TensorLike, x2: TensorLike, first?: TensordotOptions['axes'] | TensordotOptions): Tensor => {
    const given =
      typeof first === 'object' && !Array.isArray(first)
        ? (first as TensordotOptions).axes
        : (first as TensordotOptions['axes']);
    const axes = given ?? 2;
    const [a, b] = pairOf(x1, x2);
    const [m, n] = [a.shape.length, b.shape.length];
    const both =
      typeof axes === 'number'
        ? [Array.from({ length: axes }, (_, i) => m - axes + i), Array.from({ length: axes }, (_, i) => i)]
        : [[axes[0]!].flat(), [axes[1]!].flat()];
    const left = both[0]!.map((axis) => normalizeAxis(axis, m, 'tensordot'));
    const right = both[1]!.map((axis) => normalizeAxis(axis, n, 'tensordot'));
    return contract(a, b, left, right, 'tensordot');
  },
);

/** Every product of an element of `x1` with one of `x2`. */
export const outer: Op<Binary> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Outer', 2),
  (x1: TensorLike, x2: TensorLike): Tensor => {
    const [a, b] = pairOf(x1, x2);
    return prim.dotGeneral(prim.reshape(a, [a.size]), prim.reshape(b, [b.size]), {
      contracting: [[], []],
      batching: [[], []],
    });
  },
);
