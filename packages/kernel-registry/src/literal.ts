import { dtypes, type HostArray } from './dtype.js';
import { sizeOf, type TensorType } from './tensor-type.js';

/**
 * A constant value. `data` holds the whole tensor in row-major order, or one element (two host elements for complex)
 * that fills it: a splat.
 */
export interface Literal {
  readonly type: TensorType;
  readonly data: HostArray;
}

export function isSplat(literal: Literal): boolean {
  return literal.data.length === dtypes[literal.type.dtype].hostElements;
}

/** The dense elements of a literal; a splat is expanded. */
export function expandLiteral({ type, data }: Literal): HostArray {
  const { host, hostElements } = dtypes[type.dtype];
  const length = sizeOf(type.shape) * hostElements;
  if (data.length === length) return data;
  const dense = new host(length);
  for (let i = 0; i < length; i++) dense[i] = data[i % hostElements]!;
  return dense;
}
