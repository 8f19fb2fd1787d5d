import type { Tensor, TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { epsilon as defaultEpsilon } from '../engine/config.js';
import { norm } from './norm.js';
import { type Axis, declare, defineOp, leading, literal, normalizeAxes, type Op, toFloat } from './support.js';
import { toUnitLength } from './unit-length.js';

export interface NormalizeOptions {
  readonly axis?: Axis | undefined;
  /** Of the norm, 2 by default. */
  readonly order?: number | undefined;
  readonly epsilon?: number | undefined;
}

/** x / max(‖x‖, ε) along the axes (the last). */
export const normalize: Op<(x: TensorLike, axis?: Axis | NormalizeOptions, options?: NormalizeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Normalize', 1, 'nn', ['axis', 'order', 'epsilon'], { defaults: { axis: -1, order: 2 } }),
    (x: TensorLike, first?: Axis | NormalizeOptions, options?: NormalizeOptions): Tensor => {
      const { axis = -1, order = 2, epsilon = defaultEpsilon() } = leading<NormalizeOptions>('axis', first, options);
      const value = toFloat(x);
      const axes = normalizeAxes(axis, value.shape.length, 'normalize');
      if (order === 2) return toUnitLength(value, axes, epsilon);
      const size = norm(value, { ord: order, axis: axes, keepdims: true });
      return prim.divide(value, prim.broadcastTo(prim.maximum(size, literal(size, epsilon)), value.shape));
    },
  );
