/** Putting tensors together along a new axis. */

import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { castTo, declare, defineOp, leading, normalizeAxis, type Op, shapeError } from './support.js';

export interface AxisOption {
  readonly axis?: number | undefined;
}

export function toOneType(xs: readonly TensorLike[]): Tensor[] {
  const tensors = xs.map((x) => asTensor(x));
  const dtype = promoteTypes(...tensors.map((x) => x.dtype));
  return tensors.map((x) => castTo(x, dtype));
}

export type Join = (xs: readonly TensorLike[], axis?: number | AxisOption) => Tensor;

/** Joined along a new axis (0 by default). */
export const stack: Op<Join> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Stack', 1, 'numpy', ['axis'], { defaults: { axis: 0 } }),
  (xs: readonly TensorLike[], first?: number | AxisOption): Tensor => {
    const { axis = 0 } = leading<AxisOption>('axis', first, undefined);
    const tensors = toOneType(xs);
    if (tensors.length === 0) throw shapeError('stack', 'nothing to join', 'one tensor or more', '[]');
    const at = normalizeAxis(axis, tensors[0]!.shape.length + 1, 'stack');
    const widened = tensors.map((x) => prim.reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]));
    return prim.concatenate(widened, at);
  },
);
