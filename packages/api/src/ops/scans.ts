/** Running sums and products. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { declare, defineOp, leading, normalizeAxis, type Op, scalar } from './support.js';

export interface ScanOptions {
  readonly axis?: number | null | undefined;
}

export type Scan = (x: TensorLike, axis?: number | null | ScanOptions) => Tensor;

/** Doubling: after each step an element holds the combination of twice as many before it. */
export function scanAlong(
  x: Tensor,
  axis: number,
  identity: number,
  combine: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  const size = x.shape[axis]!;
  const fill = scalar(identity, x.dtype);
  const only = (amount: number): number[] => x.shape.map((_, i) => (i === axis ? amount : 0));
  let result = x;
  for (let distance = 1; distance < size; distance *= 2) {
    result = combine(prim.pad(result, fill, only(distance), only(-distance)), result);
  }
  return result;
}

function scan(className: string, identity: number, combine: (a: Tensor, b: Tensor) => Tensor): Op<Scan> {
  return defineOp(
    declare(className, 1, 'numpy', ['axis'], { defaults: { dtype: null } }),
    (x: TensorLike, first?: number | null | ScanOptions): Tensor => {
      const { axis } = leading<ScanOptions>('axis', first, undefined);
      const given = asTensor(x);
      const value = given.dtype === 'bool' ? prim.convert(given, 'int32') : given;
      if (axis === null || axis === undefined)
        return scanAlong(prim.reshape(value, [value.size]), 0, identity, combine);
      return scanAlong(value, normalizeAxis(axis, value.shape.length, className.toLowerCase()), identity, combine);
    },
  );
}

/** Sum of the elements up to each one. */
export const cumsum: Op<Scan> = /*#__PURE__*/ scan('Cumsum', 0, prim.add);
/** Product of the elements up to each one. */
export const cumprod: Op<Scan> = /*#__PURE__*/ scan('Cumprod', 1, prim.multiply);
