import { define } from '../engine/define.js';
import { maxPool } from '../ops/common.js';
import type { Pool } from '../ops/pooling.js';
import { Pooling, type PoolingConstructor, poolingTable } from './pooling.js';

class MaxPooling1DClass extends Pooling {
  static override table(): ReturnType<typeof poolingTable> {
    return poolingTable(1);
  }

  protected override get pool(): Pool {
    return maxPool;
  }
}

/** The largest element of each window of a 1D input. */
export interface MaxPooling1D extends MaxPooling1DClass {}

/** The largest element of each window of a 1D input. */
export const MaxPooling1D: PoolingConstructor<MaxPooling1D> = /*#__PURE__*/ define('MaxPooling1D', MaxPooling1DClass, {
  module: 'keras.layers',
});

/** Keras' other name. */
export { MaxPooling1D as MaxPool1D };
