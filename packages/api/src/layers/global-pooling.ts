/** What the layers share that pool over all of space. */

import type { Tensor } from '@ceratops/core';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { bool } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Reduce } from '../ops/reductions.js';
import { channelAxis, type DataFormat, dataFormatRow, withSizes } from './support.js';

export interface GlobalPoolingOptions extends LayerOptions {
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
  /** Keeps the spatial axes with size 1. */
  readonly keepdims?: boolean | undefined;
}

export abstract class GlobalPooling extends Layer {
  declare readonly dataFormat: DataFormat;
  declare readonly keepdims: boolean;

  static override table(): Table<{ dataFormat: DataFormat; keepdims: boolean }> {
    return { dataFormat: dataFormatRow(), keepdims: bool('keepdims', false) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.dimensions() + 2 };
    this.buildAtOnce();
  }

  /** How many spatial axes there are. */
  protected abstract dimensions(): number;

  protected abstract get reduce(): Reduce;

  protected get spatialAxes(): readonly number[] {
    const first = this.dataFormat === 'channels_last' ? 1 : 2;
    return Array.from({ length: this.dimensions() }, (_, i) => first + i);
  }

  override call(x: Tensor, _options?: object): Tensor {
    return this.reduce(x, { axis: this.spatialAxes, keepdims: this.keepdims });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const ones = this.keepdims ? new Array<number>(this.dimensions()).fill(1) : [];
    const channels = inputShape[channelAxis(this.dataFormat, inputShape.length)]!;
    return withSizes(inputShape, this.dataFormat, ones, channels);
  }
}

/** The constructor of a layer that pools over all of space. */
export interface GlobalPoolingConstructor<T> {
  /** Reduces all spatial axes. */
  new (dataFormat?: DataFormat | GlobalPoolingOptions, options?: GlobalPoolingOptions): T;
  /** Reduces all spatial axes. */
  (dataFormat?: DataFormat | GlobalPoolingOptions, options?: GlobalPoolingOptions): T;
  readonly prototype: T;
}
