/** Means over spatial windows. */

import * as prim from '@ceratops/core/primitives';
import { type Pool, pool } from './pooling.js';
import { literal, type Op, toFloat } from './support.js';

/** The mean of each window; padding does not count. */
export const averagePool: Op<Pool> = /*#__PURE__*/ pool('AveragePool', (inputs, window) => {
  const x = toFloat(inputs);
  const total = prim.reduceWindowSum(x, window);
  if (window.padding.every(([low, high]) => low === 0 && high === 0)) {
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
  return prim.divide(total, prim.broadcastTo(counts, total.shape));
});
