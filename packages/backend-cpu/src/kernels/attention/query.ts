/** Whether attention's kernels take a composite. A file of its own: the page asks, long before the kernels are loaded. */

import type { OpQuery } from '@ceratops/kernel-registry';

export function isAttention({ operands, attributes }: OpQuery<'composite'>): boolean {
  const [query, key] = operands;
  return (
    attributes.name.startsWith('ceratops.attention') &&
    operands.every(({ dtype, shape }) => /^(float32|bool)$/.test(dtype) && shape.every(Boolean)) &&
    query!.shape[1]! > 15 &&
    key!.shape[1]! > 15
  );
}
