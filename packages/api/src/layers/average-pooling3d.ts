import { define } from '../engine/define.js';
import { averagePool } from '../ops/average-pool.js';
import type { Pool } from '../ops/pooling.js';
import { Pooling, type PoolingConstructor, poolingTable } from './pooling.js';

class AveragePooling3DClass extends Pooling {
  static override table(): ReturnType<typeof poolingTable> {
    return poolingTable(3);
  }

  protected override get pool(): Pool {
    return averagePool;
  }
}

/** The mean of each window of a 3D input. */
export interface AveragePooling3D extends AveragePooling3DClass {}

/** The mean of each window of a 3D input. */
export const AveragePooling3D: PoolingConstructor<AveragePooling3D> = /*#__PURE__*/ define(
  'AveragePooling3D',
  AveragePooling3DClass,
  {
    module: 'keras.layers',
  },
);

/** Keras' other name. */
export { AveragePooling3D as AvgPool3D };
