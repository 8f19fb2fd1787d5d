import { define } from '../engine/define.js';
import { maxPool } from '../ops/common.js';
import type { Pool } from '../ops/pooling.js';
import { Pooling, type PoolingConstructor, poolingTable } from './pooling.js';

class MaxPooling3DClass extends Pooling {
  static override table(): ReturnType<typeof poolingTable> {
    return poolingTable(3);
  }

  protected override get pool(): Pool {
    return maxPool;
  }
}

/** The largest element of each window of a 3D input. */
export interface MaxPooling3D extends MaxPooling3DClass {}

/** The largest element of each window of a 3D input. */
export const MaxPooling3D: PoolingConstructor<MaxPooling3D> = /*#__PURE__*/ define('MaxPooling3D', MaxPooling3DClass, {
  module: 'keras.layers',
});

/** Keras' other name. */
export { MaxPooling3D as MaxPool3D };
