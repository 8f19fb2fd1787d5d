import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { shape } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { reshape } from '../ops/index.js';

type TargetShape = readonly (number | null)[];

class ReshapeClass extends Layer {
  declare readonly targetShape: TargetShape;

  static override table(): Table<{ targetShape: TargetShape }> {
    return { targetShape: shape('target_shape') };
  }

  override call(x: Tensor): Tensor {
    return reshape(x, [x.shape[0]!, ...this.targetShape.map((size) => size ?? -1)]);
  }
}

/** The same elements in another shape. */
export interface Reshape extends ReshapeClass {}

export interface ReshapeConstructor {
  /** Gives each sample another shape. @param targetShape without the batch; one size may be -1. */
  new (targetShape: TargetShape, options?: LayerOptions): Reshape;
  /** Gives each sample another shape. @param targetShape without the batch; one size may be -1. */
  (targetShape: TargetShape, options?: LayerOptions): Reshape;
  readonly prototype: Reshape;
}

export const Reshape: ReshapeConstructor = /*#__PURE__*/ define('Reshape', ReshapeClass, { module: 'keras.layers' });
