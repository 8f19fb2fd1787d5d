/** Data on the host, ready to be cut into batches. */

import { borrow, dtypesOfArrays, type Tensor } from '@ceratops/core';
import { CeratopsError, type DType, dtypes, type HostArray, type Shape, sizeOf } from '@ceratops/kernel-registry';

/** A dense array in host memory. A class, so that trees see a leaf. */
export class HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostArray;

  constructor(dtype: DType, shape: Shape, data: HostArray) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }
}

export function isTypedArray(value: unknown): value is HostArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

export function dtypeOfArray(value: HostArray, what: string): DType {
  const dtype = dtypesOfArrays.get(value.constructor.name);
  if (dtype !== undefined) return dtype;
  throw new CeratopsError('DTYPE_MISMATCH', 'unknown typed array', {
    subject: what,
    expected: [...dtypesOfArrays.keys()].join(', '),
    received: value.constructor.name,
  });
}

/** Rows `start` to `stop`, without copying. */
export function sliceRows({ dtype, shape, data }: HostTensor, start: number, stop: number): HostTensor {
  const row = rowElements(dtype, shape);
  return new HostTensor(dtype, [stop - start, ...shape.slice(1)], data.subarray(start * row, stop * row) as HostArray);
}

/** Copies the rows at `indices` together, each time into the same memory: what a call gave lasts until the next one. */
export function rowGatherer(): (rows: HostTensor, indices: ArrayLike<number>) => HostTensor {
  const memory = new Map<HostTensor, HostArray>();
  return (rows, indices) => {
    const { dtype, shape, data } = rows;
    const row = rowElements(dtype, shape);
    const elements = indices.length * row;
    let all = memory.get(rows);
    if (all === undefined || all.length < elements) memory.set(rows, (all = new dtypes[dtype].host(elements)));
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i]! * row;
      all.set(data.subarray(from, from + row) as never, i * row);
    }
    return new HostTensor(dtype, [indices.length, ...shape.slice(1)], all.subarray(0, elements) as HostArray);
  };
}

function rowElements(dtype: DType, shape: Shape): number {
  return sizeOf(shape.slice(1)) * dtypes[dtype].hostElements;
}

/** A tensor of the elements: of a copy, or lent until a compiled step has taken it. */
export function upload({ dtype, shape, data }: HostTensor, copies: boolean | undefined): Tensor {
  return borrow(copies ? data.slice() : data, { dtype, shape });
}
