/** Limits on gradients. */

import type { Tensor } from '@ceratops/core';
import { add, clip, divide, maximum, minimum, multiply, sqrt, square, stack, subtract, sum } from '../ops/common.js';

/** Scaled down to the norm where it is larger. */
export function clipByNorm(gradient: Tensor, limit: number): Tensor {
  const norm = sqrt(sum(square(gradient)));
  return divide(multiply(gradient, limit), maximum(norm, limit));
}

/** All scaled by one factor, so that their common norm is at most the limit; NaN when it is not finite. */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): Tensor[] {
  const norm = sqrt(sum(stack(gradients.map((gradient) => sum(square(gradient))))));
  const scale = multiply(minimum(divide(1, norm), 1 / limit), limit);
  const poisoned = add(scale, subtract(norm, norm));
  return gradients.map((gradient) => multiply(gradient, poisoned));
}

export function clipByValue(gradient: Tensor, limit: number): Tensor {
  return clip(gradient, -limit, limit);
}
