/** Whether attention's kernels take a composite. A file of its own: the page asks, long before the kernels are loaded. */

import { type OpQuery, sizeOf } from '@ceratops/kernel-registry';

export function isAttention({ operands, attributes }: OpQuery<'composite'>): boolean {
  return (
    attributes.name.startsWith('ceratops.attention') &&
    operands.every(
      ({ dtype, shape }, i) => /^(float32|bool)$/.test(dtype) && sizeOf(shape) > 0 && (i > 1 || shape[1]! > 15),
    )
  );
}
