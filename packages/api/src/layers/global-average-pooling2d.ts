import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { bool } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { mean } from '../ops/common.js';
import { channelAxis, type DataFormat, dataFormatRow, withSizes } from './support.js';

export interface GlobalPoolingOptions extends LayerOptions {
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
  /** Keeps the spatial axes with size 1. */
  readonly keepdims?: boolean | undefined;
}

class GlobalAveragePooling2DClass extends Layer {
  declare readonly dataFormat: DataFormat;
  declare readonly keepdims: boolean;

  static override table(): Table<{ dataFormat: DataFormat; keepdims: boolean }> {
    return { dataFormat: dataFormatRow(), keepdims: bool('keepdims', false) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: 4 };
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return mean(x, { axis: this.dataFormat === 'channels_last' ? [1, 2] : [2, 3], keepdims: this.keepdims });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return withSizes(
      inputShape,
      this.dataFormat,
      this.keepdims ? [1, 1] : [],
      inputShape[channelAxis(this.dataFormat, 4)]!,
    );
  }
}

/** The mean over both spatial axes. */
export interface GlobalAveragePooling2D extends GlobalAveragePooling2DClass {}

export interface GlobalAveragePooling2DConstructor {
  /** The mean over both spatial axes of a 2D input. */
  new (dataFormat?: DataFormat | GlobalPoolingOptions, options?: GlobalPoolingOptions): GlobalAveragePooling2D;
  /** The mean over both spatial axes of a 2D input. */
  (dataFormat?: DataFormat | GlobalPoolingOptions, options?: GlobalPoolingOptions): GlobalAveragePooling2D;
  readonly prototype: GlobalAveragePooling2D;
}

export const GlobalAveragePooling2D: GlobalAveragePooling2DConstructor = /*#__PURE__*/ define(
  'GlobalAveragePooling2D',
  GlobalAveragePooling2DClass,
  { module: 'keras.layers' },
);
