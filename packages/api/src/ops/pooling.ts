/** Pooling over spatial windows. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { WindowAttributes } from '@ceratops/kernel-registry';
import { declare, defineOp, leading, type Op } from './support.js';
import { type DataFormat, type PaddingMode, samePadding, spatialValues } from './windows.js';

export interface PoolOptions {
  readonly poolSize?: number | readonly number[] | undefined;
  /** The pool size unless said otherwise. */
  readonly strides?: number | readonly number[] | null | undefined;
  readonly padding?: PaddingMode | undefined;
  readonly dataFormat?: DataFormat | null | undefined;
}

export type Pool = (
  inputs: TensorLike,
  poolSize: number | readonly number[] | PoolOptions,
  strides?: number | readonly number[] | null | PoolOptions,
  options?: PoolOptions,
) => Tensor;

function poolOptions(first: unknown, second: unknown, rest: unknown): PoolOptions {
  return leading<PoolOptions>('poolSize', first, leading<PoolOptions>('strides', second, rest as PoolOptions));
}

/** Pooling by `fn`, which takes the windows. */
export function pool(className: string, fn: (x: Tensor, window: WindowAttributes) => Tensor): Op<Pool> {
  const declaration = declare(className, 1, 'nn', ['poolSize', 'strides', 'padding', 'dataFormat'], {
    defaults: { padding: 'valid', data_format: 'channels_last' },
    normalize: ([inputs, first, second, rest]) => {
      const options = poolOptions(first, second, rest);
      return [inputs, { ...options, strides: options.strides ?? options.poolSize }];
    },
  });
  return defineOp(declaration, (inputs: TensorLike, first, second, rest): Tensor => {
    const options = poolOptions(first, second, rest);
    const x = asTensor(inputs);
    return fn(x, windowOf(x, options));
  }) as Op<Pool>;
}

function windowOf(x: Tensor, { poolSize = 2, strides, padding = 'valid', dataFormat }: PoolOptions): WindowAttributes {
  const rank = x.shape.length - 2;
  const sizes = spatialValues('poolSize', poolSize, rank);
  const steps = spatialValues('strides', strides ?? sizes, rank);
  const around = (values: readonly number[]): number[] => {
    return dataFormat === 'channels_first' ? [1, 1, ...values] : [1, ...values, 1];
  };
  const windowDimensions = around(sizes);
  const windowStrides = around(steps);
  const same = padding === 'same';
  const pairs = x.shape.map((size, i) => {
    return same ? samePadding(size, windowDimensions[i]!, windowStrides[i]!) : ([0, 0] as const);
  });
  return { windowDimensions, windowStrides, padding: pairs };
}

/** The largest element of each window. */
export const maxPool: Op<Pool> = /*#__PURE__*/ pool('MaxPool', prim.reduceWindowMax);
