import { define } from '../engine/define.js';
import { max } from '../ops/common.js';
import type { Reduce } from '../ops/reductions.js';
import { GlobalPooling, type GlobalPoolingConstructor } from './global-pooling.js';

class GlobalMaxPooling1DClass extends GlobalPooling {
  protected override dimensions(): number {
    return 1;
  }

  protected override get reduce(): Reduce {
    return max;
  }
}

/** The largest element over the spatial axis. */
export interface GlobalMaxPooling1D extends GlobalMaxPooling1DClass {}

/** The largest element over the spatial axis. */
export const GlobalMaxPooling1D: GlobalPoolingConstructor<GlobalMaxPooling1D> = /*#__PURE__*/ define(
  'GlobalMaxPooling1D',
  GlobalMaxPooling1DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { GlobalMaxPooling1D as GlobalMaxPool1D };
