import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import type { Table } from '../engine/table.js';
import { reshape, transpose } from '../ops/common.js';
import { type DataFormat, dataFormatRow } from './support.js';

export interface FlattenOptions extends LayerOptions {
  /** With `channels_first`, the channels are moved last before flattening. */
  readonly dataFormat?: DataFormat | undefined;
}

class FlattenClass extends Layer {
  declare readonly dataFormat: DataFormat;

  static override table(): Table<{ dataFormat: DataFormat }> {
    return { dataFormat: dataFormatRow() };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { minRank: 1 };
  }

  override call(x: Tensor): Tensor {
    const { shape } = x;
    const rank = shape.length;
    const rest = Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 2);
    const moved = this.dataFormat === 'channels_first' && rank > 2 ? transpose(x, [0, ...rest, 1]) : x;
    return reshape(moved, [shape[0]!, shape.slice(1).reduce((size, dimension) => size * dimension, 1)]);
  }
}

/** All axes but the batch in one. */
export interface Flatten extends FlattenClass {}

export interface FlattenConstructor {
  /** Puts all axes but the batch into one. */
  new (dataFormat?: DataFormat | FlattenOptions, options?: FlattenOptions): Flatten;
  /** Puts all axes but the batch into one. */
  (dataFormat?: DataFormat | FlattenOptions, options?: FlattenOptions): Flatten;
  readonly prototype: Flatten;
}

export const Flatten: FlattenConstructor = /*#__PURE__*/ define('Flatten', FlattenClass, { module: 'keras.layers' });
