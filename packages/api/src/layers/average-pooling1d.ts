import { define } from '../engine/define.js';
import { averagePool } from '../ops/average-pool.js';
import type { Pool } from '../ops/pooling.js';
import { Pooling, type PoolingConstructor, poolingTable } from './pooling.js';

class AveragePooling1DClass extends Pooling {
  static override table(): ReturnType<typeof poolingTable> {
    return poolingTable(1);
  }

  protected override get pool(): Pool {
    return averagePool;
  }
}

/** The mean of each window of a 1D input. */
export interface AveragePooling1D extends AveragePooling1DClass {}

/** The mean of each window of a 1D input. */
export const AveragePooling1D: PoolingConstructor<AveragePooling1D> = /*#__PURE__*/ define(
  'AveragePooling1D',
  AveragePooling1DClass,
  {
    module: 'keras.layers',
  },
);

/** Keras' other name. */
export { AveragePooling1D as AvgPool1D };
