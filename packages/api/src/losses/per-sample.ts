import type { Tensor, TensorLike } from '@ceratops/core';

/** A value per sample from targets and outputs. */
export type PerSample<Options extends readonly unknown[] = []> = (
  yTrue: TensorLike,
  yPred: TensorLike,
  ...options: Options
) => Tensor;

/** Gives a function the name that Keras has for it: logs and files have it from there, and minifiers rename functions. */
export function perSample<Options extends readonly unknown[]>(
  name: string,
  compute: PerSample<Options>,
): PerSample<Options> {
  return Object.defineProperty(compute, 'name', { value: name });
}
