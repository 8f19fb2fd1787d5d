import type { Tensor } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { epsilon } from '../engine/config.js';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float, oneOf, positional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { absolute, matmul, multiply, sum, transpose } from '../ops/common.js';
import { literal } from '../ops/support.js';
import { toUnitLength } from '../ops/unit-length.js';
import { RegularizerObject } from './regularizer.js';

export type OrthogonalMode = 'rows' | 'columns';

export interface OrthogonalOptions {
  readonly factor?: number | undefined;
  readonly mode?: OrthogonalMode | undefined;
}

class OrthogonalRegularizerClass extends RegularizerObject {
  declare readonly factor: number;
  declare readonly mode: OrthogonalMode;

  static override table(): Table<{ factor: number; mode: OrthogonalMode }> {
    return {
      factor: float('factor', 0.01, { min: 0 }),
      mode: positional(oneOf<OrthogonalMode>('mode', ['rows', 'columns'], 'rows')),
    };
  }

  override invoke(x: Tensor): Tensor {
    if (x.shape.length !== 2) {
      const fields = {
        subject: 'OrthogonalRegularizer',
        expected: 'rank 2',
        received: `shape [${x.shape.join(', ')}]`,
      };
      throw new CeratopsError('SHAPE_MISMATCH', 'only matrices can be orthogonal', fields);
    }
    const rows = this.mode === 'rows';
    const unit = toUnitLength(x, [rows ? 1 : 0], epsilon());
    const product = rows ? matmul(unit, transpose(unit)) : matmul(transpose(unit), unit);
    const [size] = product.shape as readonly [number, number];
    const index = (dimension: number): Tensor => prim.iota({ dtype: 'int32', shape: product.shape }, dimension);
    const diagonal = prim.compare(index(0), index(1), 'EQ');
    const rest = prim.select(diagonal, literal(product, 0), product);
    const pairs = (size * (size - 1)) / 2;
    return multiply(sum(absolute(rest)), (this.factor * 0.5) / pairs);
  }
}

export interface OrthogonalRegularizer extends OrthogonalRegularizerClass {}
/** factor · the mean |cosine| between different rows (or columns) of a matrix. */
export const OrthogonalRegularizer: Construct<
  [factor?: number | OrthogonalOptions, mode?: OrthogonalMode | OrthogonalOptions, options?: OrthogonalOptions],
  OrthogonalRegularizer
> = /*#__PURE__*/ define('OrthogonalRegularizer', OrthogonalRegularizerClass, { module: 'keras.regularizers' });
