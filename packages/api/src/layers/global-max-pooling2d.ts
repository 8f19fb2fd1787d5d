import { define } from '../engine/define.js';
import { max } from '../ops/common.js';
import type { Reduce } from '../ops/reductions.js';
import { GlobalPooling, type GlobalPoolingConstructor } from './global-pooling.js';

class GlobalMaxPooling2DClass extends GlobalPooling {
  protected override dimensions(): number {
    return 2;
  }

  protected override get reduce(): Reduce {
    return max;
  }
}

/** The largest element over both spatial axes. */
export interface GlobalMaxPooling2D extends GlobalMaxPooling2DClass {}

/** The largest element over both spatial axes. */
export const GlobalMaxPooling2D: GlobalPoolingConstructor<GlobalMaxPooling2D> = /*#__PURE__*/ define(
  'GlobalMaxPooling2D',
  GlobalMaxPooling2DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { GlobalMaxPooling2D as GlobalMaxPool2D };
