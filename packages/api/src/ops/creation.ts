/** New tensors of given shapes. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { DType, Shape } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { castTo, leading, literal } from './support.js';

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
