import { define } from '../engine/define.js';
import { averagePool } from '../ops/average-pool.js';
import type { Pool } from '../ops/pooling.js';
import { Pooling, type PoolingConstructor, poolingTable } from './pooling.js';

class AveragePooling2DClass extends Pooling {
  static override table(): ReturnType<typeof poolingTable> {
    return poolingTable(2);
  }

  protected override get pool(): Pool {
    return averagePool;
  }
}

/** The mean of each window of a 2D input. */
export interface AveragePooling2D extends AveragePooling2DClass {}

/** The mean of each window of a 2D input. */
export const AveragePooling2D: PoolingConstructor<AveragePooling2D> = /*#__PURE__*/ define(
  'AveragePooling2D',
  AveragePooling2DClass,
  {
    module: 'keras.layers',
  },
);

/** Keras' other name. */
export { AveragePooling2D as AvgPool2D };
