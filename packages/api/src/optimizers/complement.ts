import type { Variable } from '@ceratops/core';

/** 1 - beta, of beta as the variable's dtype holds it: some of Keras' optimizers round it first. */
export function complement(beta: number, { dtype }: Variable): number {
  return 1 - (dtype === 'float64' ? beta : Math.fround(beta));
}
