/** The dtype in which the running layer sees its float weights; set by layers whose policy is mixed. */

import type { DType } from '@ceratops/kernel-registry';

let current: DType | undefined;

export function autocastDtype(): DType | undefined {
  return current;
}

export function withAutocast<T>(dtype: DType | undefined, body: () => T): T {
  const previous = current;
  current = dtype;
  try {
    return body();
  } finally {
    current = previous;
  }
}
