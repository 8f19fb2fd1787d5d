/** New tensors of the shapes of others. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { DType } from '@ceratops/kernel-registry';
import type { DTypeOptions } from './creation.js';
import { declare, defineOp, leading, literal, type Op } from './support.js';

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
