import { define } from '../engine/define.js';
import { max } from '../ops/common.js';
import type { Reduce } from '../ops/reductions.js';
import { GlobalPooling, type GlobalPoolingConstructor } from './global-pooling.js';

class GlobalMaxPooling3DClass extends GlobalPooling {
  protected override dimensions(): number {
    return 3;
  }

  protected override get reduce(): Reduce {
    return max;
  }
}

/** The largest element over all three spatial axes. */
export interface GlobalMaxPooling3D extends GlobalMaxPooling3DClass {}

/** The largest element over all three spatial axes. */
export const GlobalMaxPooling3D: GlobalPoolingConstructor<GlobalMaxPooling3D> = /*#__PURE__*/ define(
  'GlobalMaxPooling3D',
  GlobalMaxPooling3DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { GlobalMaxPooling3D as GlobalMaxPool3D };
