import { define } from '../engine/define.js';
import { mean } from '../ops/common.js';
import type { Reduce } from '../ops/reductions.js';
import { GlobalPooling, type GlobalPoolingConstructor } from './global-pooling.js';

class GlobalAveragePooling2DClass extends GlobalPooling {
  protected override dimensions(): number {
    return 2;
  }

  protected override get reduce(): Reduce {
    return mean;
  }
}

/** The mean over both spatial axes. */
export interface GlobalAveragePooling2D extends GlobalAveragePooling2DClass {}

/** The mean over both spatial axes. */
export const GlobalAveragePooling2D: GlobalPoolingConstructor<GlobalAveragePooling2D> = /*#__PURE__*/ define(
  'GlobalAveragePooling2D',
  GlobalAveragePooling2DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { GlobalAveragePooling2D as GlobalAvgPool2D };
