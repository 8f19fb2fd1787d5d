import type { Tensor } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { rsqrt } from '@ceratops/kernel-registry/composites';
import { keepAxes } from './reductions.js';
import { literal } from './support.js';

/** x / max(‖x‖₂, ε) along the axes. */
export function toUnitLength(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const squares = prim.reduceSum(prim.multiply(x, x), axes);
  const inverse = prim.compositeAtHand(rsqrt, [squares])[0]!;
  const limited = prim.minimum(inverse, literal(inverse, 1 / epsilon));
  return prim.multiply(x, prim.broadcastTo(keepAxes(limited, x.shape, axes, true), x.shape));
}
