import { define } from '../engine/define.js';
import { SpatialDropout, type SpatialDropoutConstructor, spatialDropoutTable } from './spatial-dropout.js';

class SpatialDropout3DClass extends SpatialDropout {
  static override table(): ReturnType<typeof spatialDropoutTable> {
    return spatialDropoutTable();
  }

  protected override dimensions(): number {
    return 3;
  }
}

/** Drops whole channels while training, over three spatial axes. */
export interface SpatialDropout3D extends SpatialDropout3DClass {}

/** Drops whole channels while training, over three spatial axes. */
export const SpatialDropout3D: SpatialDropoutConstructor<SpatialDropout3D> = /*#__PURE__*/ define(
  'SpatialDropout3D',
  SpatialDropout3DClass,
  { module: 'keras.layers' },
);
