/** What the pooling layers share. */

import type { Tensor } from '@ceratops/core';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { intTuple, oneOf, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Pool } from '../ops/pooling.js';
import { checkOutputSizes, outputSize } from '../ops/windows.js';
import { channelAxis, type DataFormat, dataFormatRow, type PaddingMode, spatialSizes, withSizes } from './support.js';

export interface PoolingOptions extends LayerOptions {
  /** Extent of the window, 2 by default. */
  readonly poolSize?: number | readonly number[] | undefined;
  /** Step of the window, its extent by default. */
  readonly strides?: number | readonly number[] | undefined;
  /** `valid` by default. */
  readonly padding?: PaddingMode | undefined;
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
}

export interface PoolingSettings {
  poolSize: readonly number[];
  strides: readonly number[] | undefined;
  padding: PaddingMode;
  dataFormat: DataFormat;
}

/** @param rank the number of spatial axes. */
export function poolingTable(rank: number): Table<PoolingSettings> {
  return {
    poolSize: intTuple('pool_size', rank, 2),
    strides: optional(intTuple('strides', rank)),
    padding: oneOf<PaddingMode>('padding', ['valid', 'same'], 'valid'),
    dataFormat: dataFormatRow(),
  };
}

export abstract class Pooling extends Layer {
  declare readonly poolSize: readonly number[];
  declare strides: readonly number[];
  declare readonly padding: PaddingMode;
  declare readonly dataFormat: DataFormat;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.strides ??= this.poolSize;
    this.inputSpec = { rank: this.poolSize.length + 2 };
    this.buildAtOnce();
  }

  protected abstract get pool(): Pool;

  override call(x: Tensor): Tensor {
    const { poolSize, strides, padding, dataFormat } = this;
    return this.pool(x, { poolSize, strides, padding, dataFormat });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const { poolSize, strides, padding, dataFormat } = this;
    const sizes = spatialSizes(inputShape, dataFormat).map((size, i) =>
      outputSize(size, poolSize[i]!, strides[i]!, padding),
    );
    checkOutputSizes(`${this}`, sizes, inputShape);
    return withSizes(inputShape, dataFormat, sizes, inputShape[channelAxis(dataFormat, inputShape.length)]!);
  }
}

/** A pooling layer's constructor. */
export interface PoolingConstructor<T> {
  /** Pools windows. @param poolSize extent of the window, 2 by default; also its step, unless `strides` says otherwise. */
  new (poolSize?: number | readonly number[] | PoolingOptions, options?: PoolingOptions): T;
  /** Pools windows. @param poolSize extent of the window, 2 by default; also its step, unless `strides` says otherwise. */
  (poolSize?: number | readonly number[] | PoolingOptions, options?: PoolingOptions): T;
  readonly prototype: T;
}
