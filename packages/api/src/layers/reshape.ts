import type { Tensor } from '@ceratops/core';
import { CeratopsError, sizeOf } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import { formatShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { shape } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { reshape } from '../ops/common.js';

type TargetShape = readonly (number | null)[];

class ReshapeClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly targetShape: TargetShape;

  static override table(): Table<{ targetShape: TargetShape }> {
    return { targetShape: shape('target_shape', undefined, { min: -1 }) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    const sample = sizeOf(x.shape.slice(1));
    const known = this.targetShape.reduce<number>(
      (size, next) => (next === null || next === -1 ? size : size * next),
      1,
    );
    const open = this.targetShape.some((size) => size === null || size === -1);
    if (open ? known === 0 || sample % known !== 0 : sample !== known) {
      throw new CeratopsError('SHAPE_MISMATCH', 'the sizes do not agree', {
        subject: `${this}`,
        expected: `a target shape of ${sample} elements a sample, as in ${formatShape(x.shape.slice(1))}`,
        received: formatShape(this.targetShape),
      });
    }
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
