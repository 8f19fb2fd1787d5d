import { define } from '../engine/define.js';
import { mean } from '../ops/common.js';
import type { Reduce } from '../ops/reductions.js';
import { GlobalPooling, type GlobalPoolingConstructor } from './global-pooling.js';

class GlobalAveragePooling3DClass extends GlobalPooling {
  protected override dimensions(): number {
    return 3;
  }

  protected override get reduce(): Reduce {
    return mean;
  }
}

/** The mean over all three spatial axes. */
export interface GlobalAveragePooling3D extends GlobalAveragePooling3DClass {}

/** The mean over all three spatial axes. */
export const GlobalAveragePooling3D: GlobalPoolingConstructor<GlobalAveragePooling3D> = /*#__PURE__*/ define(
  'GlobalAveragePooling3D',
  GlobalAveragePooling3DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { GlobalAveragePooling3D as GlobalAvgPool3D };
