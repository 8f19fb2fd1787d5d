/** New tensors of given shapes. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { DType, Shape } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { castTo, declare, defineOp, leading, literal, type Op } from './support.js';

export interface DTypeOptions {
  /** `floatx()` unless said otherwise. */
  readonly dtype?: DType | undefined;
}

export function zeros(shape: Shape, first?: DType | DTypeOptions): Tensor {
  const { dtype = floatx() } = leading<DTypeOptions>('dtype', first, undefined);
  return literal({ dtype, shape }, 0);
}

export function ones(shape: Shape, first?: DType | DTypeOptions): Tensor {
  const { dtype = floatx() } = leading<DTypeOptions>('dtype', first, undefined);
  return literal({ dtype, shape }, 1);
}

/** The value in every element; the dtype is the value's own unless said otherwise. */
export function full(shape: Shape, value: TensorLike, first?: DType | DTypeOptions): Tensor {
  const { dtype } = leading<DTypeOptions>('dtype', first, undefined);
  const fill = asTensor(value, dtype ?? (typeof value === 'number' ? floatx() : undefined));
  return prim.broadcastTo(fill, shape);
}

type Like = (x: TensorLike, dtype?: DType | DTypeOptions) => Tensor;

function like(className: string, value: number): Op<Like> {
  return defineOp(declare(className, 1, 'numpy', ['dtype']), (x: TensorLike, first?: DType | DTypeOptions): Tensor => {
    const { dtype } = leading<DTypeOptions>('dtype', first, undefined);
    const model = asTensor(x);
    return literal({ dtype: dtype ?? model.dtype, shape: model.shape }, value);
  });
}

export const zerosLike: Op<Like> = /*#__PURE__*/ like('ZerosLike', 0);
export const onesLike: Op<Like> = /*#__PURE__*/ like('OnesLike', 1);

/** The value in every element of x's shape and dtype. */
export const fullLike: Op<(x: TensorLike, value: TensorLike, dtype?: DType | DTypeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('FullLike', 2, 'numpy', ['dtype']),
    (x: TensorLike, value: TensorLike, first?: DType | DTypeOptions): Tensor => {
      const { dtype } = leading<DTypeOptions>('dtype', first, undefined);
      const model = asTensor(x);
      return prim.broadcastTo(asTensor(value, dtype ?? model.dtype), model.shape);
    },
  );

export interface EyeOptions extends DTypeOptions {
  readonly M?: number | undefined;
  readonly k?: number | undefined;
}

/** Ones on the k-th diagonal of an N × M matrix (M = N by default), zeros elsewhere. */
export function eye(N: number, first?: number | EyeOptions, rest?: EyeOptions): Tensor {
  const { M = N, k = 0, dtype = floatx() } = leading<EyeOptions>('M', first, rest);
  const type = { dtype: 'int32', shape: [N, M] } as const;
  const offset = prim.subtract(prim.iota(type, 1), prim.iota(type, 0));
  return castTo(prim.compare(offset, literal(offset, k), 'EQ'), dtype);
}

/** An identity matrix. */
export function identity(n: number, first?: DType | DTypeOptions): Tensor {
  return eye(n, leading<DTypeOptions>('dtype', first, undefined));
}
