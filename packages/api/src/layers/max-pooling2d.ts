import { define } from '../engine/define.js';
import { maxPool } from '../ops/common.js';
import type { Pool } from '../ops/pooling.js';
import { Pooling, type PoolingConstructor, poolingTable } from './pooling.js';

class MaxPooling2DClass extends Pooling {
  static override table(): ReturnType<typeof poolingTable> {
    return poolingTable(2);
  }

  protected override get pool(): Pool {
    return maxPool;
  }
}

/** The largest element of each window of a 2D input. */
export interface MaxPooling2D extends MaxPooling2DClass {}

/** The largest element of each window of a 2D input. */
export const MaxPooling2D: PoolingConstructor<MaxPooling2D> = /*#__PURE__*/ define('MaxPooling2D', MaxPooling2DClass, {
  module: 'keras.layers',
});

/** Keras' other name. */
export { MaxPooling2D as MaxPool2D };
