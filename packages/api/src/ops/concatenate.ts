import type { Tensor, TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { type AxisOption, type Join, toOneType } from './joining.js';
import { declare, defineOp, leading, normalizeAxis, type Op, shapeError } from './support.js';

/** Joined along an existing axis (0 by default). */
export const concatenate: Op<Join> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Concatenate', 1, 'numpy', ['axis'], { defaults: { axis: 0 } }),
  (xs: readonly TensorLike[], first?: number | AxisOption): Tensor => {
    const { axis = 0 } = leading<AxisOption>('axis', first, undefined);
    const tensors = toOneType(xs);
    if (tensors.length === 0) throw shapeError('concatenate', 'nothing to join', 'one tensor or more', '[]');
    return prim.concatenate(tensors, normalizeAxis(axis, tensors[0]!.shape.length, 'concatenate'));
  },
);
