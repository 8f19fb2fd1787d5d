/** Weights by class become weights of samples. */

import { CeratopsError, sizeOf } from '@ceratops/kernel-registry';
import { HostTensor } from '../host-data.js';

interface Weights {
  readonly sampleWeight?: unknown;
  readonly classWeight?: { readonly [index: number]: number } | undefined;
}

/** The data, weighted as the options say. @throws INVALID_ARGUMENT when they weight samples and classes. */
export function withClassWeights<D extends { readonly y?: unknown }>(
  subject: string,
  data: D,
  { sampleWeight, classWeight }: Weights,
): D {
  if (classWeight === undefined) return data;
  if (sampleWeight === undefined) return { ...data, sampleWeight: classWeights(data.y, classWeight) };
  throw new CeratopsError('INVALID_ARGUMENT', 'classWeight and sampleWeight exclude each other', { subject });
}

/** Sample weights from class weights: by the index in y, or by its largest entry. */
function classWeights(y: unknown, weights: { readonly [index: number]: number }): HostTensor {
  if (!(y instanceof HostTensor)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'classWeight needs one output', { subject: 'classWeight' });
  }
  const { shape, data } = y;
  const width = sizeOf(shape.slice(1));
  const result = new Float32Array(shape[0]!);
  for (let i = 0; i < result.length; i++) {
    const row = Array.from(data.subarray(i * width, (i + 1) * width) as ArrayLike<number | bigint>, Number);
    const index = width === 1 ? Math.round(row[0]!) : row.indexOf(Math.max(...row));
    result[i] = weights[index] ?? 1;
  }
  return new HostTensor('float32', [result.length], result);
}
