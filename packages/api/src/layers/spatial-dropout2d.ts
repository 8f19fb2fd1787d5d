import { define } from '../engine/define.js';
import { SpatialDropout, type SpatialDropoutConstructor, spatialDropoutTable } from './spatial-dropout.js';

class SpatialDropout2DClass extends SpatialDropout {
  static override table(): ReturnType<typeof spatialDropoutTable> {
    return spatialDropoutTable();
  }

  protected override dimensions(): number {
    return 2;
  }
}

/** Drops whole channels while training, over two spatial axes. */
export interface SpatialDropout2D extends SpatialDropout2DClass {}

/** Drops whole channels while training, over two spatial axes. */
export const SpatialDropout2D: SpatialDropoutConstructor<SpatialDropout2D> = /*#__PURE__*/ define(
  'SpatialDropout2D',
  SpatialDropout2DClass,
  { module: 'keras.layers' },
);
