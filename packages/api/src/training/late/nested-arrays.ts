/** Nested arrays of numbers, and typed arrays as their rows, copied together into host memory. */

import { isTensor } from '@ceratops/core';
import { CeratopsError, type DType, dtypes, type Shape, sizeOf } from '@ceratops/kernel-registry';
import { show } from '../../engine/show.js';
import { HostTensor, isTypedArray } from '../host-data.js';

/** @throws INVALID_ARGUMENT for what is not numbers, SHAPE_MISMATCH for rows of different lengths; both say where. */
export function readNested(value: unknown, what: string): HostTensor {
  if (!Array.isArray(value)) throw notData(value, what);
  const shape: number[] = [];
  let first: unknown = value;
  for (; Array.isArray(first) || isTypedArray(first); first = first[0]) shape.push(first.length);
  const dtype: DType = typeof first === 'boolean' ? 'bool' : typeof first === 'bigint' ? 'int64' : 'float32';
  const data = new dtypes[dtype].host(sizeOf(shape));
  let next = 0;
  const fill = (level: unknown, depth: number, where: string): void => {
    const isRow = Array.isArray(level) || isTypedArray(level);
    if (isRow !== depth < shape.length || (isRow && level.length !== shape[depth])) {
      throw isRow || isElement(level) ? ragged(where, shape.slice(depth), level) : notData(level, where);
    }
    if (isTypedArray(level) && typeof level[0] === typeof first) {
      data.set(level as never, next);
      next += level.length;
    } else if (isRow) {
      for (let i = 0; i < level.length; i++) fill(level[i], depth + 1, `${where}[${i}]`);
    } else if (typeof level === typeof first && isElement(level)) data[next++] = level as never;
    else throw isElement(level) ? mixed(where, typeof first, typeof level) : notData(level, where);
  };
  fill(value, 0, what);
  return new HostTensor(dtype, shape, data);
}

function isElement(value: unknown): boolean {
  return ['number', 'bigint', 'boolean'].includes(typeof value);
}

function ragged(where: string, expected: Shape, received: unknown): CeratopsError {
  const [length] = expected;
  return new CeratopsError('SHAPE_MISMATCH', 'nested arrays of different lengths', {
    subject: where,
    expected: length === undefined ? 'a number, as in the other places' : `an array of ${length}, as in the other rows`,
    received: Array.isArray(received) || isTypedArray(received) ? `an array of ${received.length}` : show(received),
  });
}

function mixed(where: string, expected: string, received: string): CeratopsError {
  return new CeratopsError('DTYPE_MISMATCH', 'elements of different kinds', { subject: where, expected, received });
}

function notData(value: unknown, where: string): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'not data', {
    subject: where,
    expected: 'a tensor, a typed array or nested arrays of numbers',
    received: show(value),
    remedy: isTensor(value) ? 'join a list of tensors with ops.stack(list)' : undefined,
  });
}
