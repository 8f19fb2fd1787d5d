/** Means over spatial windows. */

import type { Tensor } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { WindowAttributes } from '@ceratops/kernel-registry';
import { type Pool, pool } from './pooling.js';
import { literal, type Op, toFloat } from './support.js';

/** The mean of each window; padding does not count. */
export const averagePool: Op<Pool> = /*#__PURE__*/ pool('AveragePool', (inputs, window) => {
  const x = toFloat(inputs);
  if (window.padding.every(([low, high]) => low === 0 && high === 0)) {
    const total = sumOfWindows(x, window);
    return prim.divide(
      total,
      literal(
        total,
        window.windowDimensions.reduce((product, size) => product * size, 1),
      ),
    );
  }
  const shape = x.shape.map((size, i) =>
    window.windowDimensions[i] === 1 && window.windowStrides[i] === 1 ? 1 : size,
  );
  const counts = prim.reduceWindowSum(literal({ dtype: x.dtype, shape }, 1), window);
  const total = prim.reduceWindowSum(x, window);
  return prim.divide(total, prim.broadcastTo(counts, total.shape));
});

/** Of unpadded windows. Those that touch, and share nothing, are sums over dimensions of their own, whose gradient is a broadcast. */
function sumOfWindows(x: Tensor, window: WindowAttributes): Tensor {
  const { windowDimensions, windowStrides } = window;
  if (!windowDimensions.every((size, i) => size === windowStrides[i])) return prim.reduceWindowSum(x, window);
  const counts = x.shape.map((size, i) => Math.floor(size / windowDimensions[i]!));
  const limits = counts.map((count, i) => count * windowDimensions[i]!);
  const covered = prim.slice(
    x,
    counts.map(() => 0),
    limits,
  );
  const axes = counts.map((_, i) => 2 * i + 1);
  return prim.reduceSum(
    prim.reshape(
      covered,
      counts.flatMap((count, i) => [count, windowDimensions[i]!]),
    ),
    axes,
  );
}
