/** Pooling over spatial windows. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { WindowAttributes } from '@ceratops/kernel-registry';
import { declare, defineOp, leading, literal, type Op, toFloat } from './support.js';
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

function pool(className: string, fn: (x: Tensor, window: WindowAttributes) => Tensor): Op<Pool> {
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

/** The mean of each window; padding does not count. */
export const averagePool: Op<Pool> = /*#__PURE__*/ pool('AveragePool', (inputs, window) => {
  const x = toFloat(inputs);
  const total = prim.reduceWindowSum(x, window);
  if (window.padding.every(([low, high]) => low === 0 && high === 0)) {
    return prim.divide(
      total,
      literal(
        total,
        window.windowDimensions.reduce((product, size) => product * size, 1),
      ),
    );
  }
  const shape = x.shape.map((size, i) =>
    window.windowDimensions[i] === 1 && window.windowStrides[i] === 1 ? 1 : size,
  );
  const counts = prim.reduceWindowSum(literal({ dtype: x.dtype, shape }, 1), window);
  return prim.divide(total, prim.broadcastTo(counts, total.shape));
});
