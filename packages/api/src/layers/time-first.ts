import type { Tensor } from '@ceratops/core';
import { transpose } from '@ceratops/core/primitives';

/** [batch, time, …] as [time, batch, …], and back. */
export function timeFirst(x: Tensor): Tensor {
  return transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
}
