/** Matrices with orthonormal rows or columns. */

import { asTensor, jit, type Tensor } from '@ceratops/core';
import { iota } from '@ceratops/core/primitives';
import { CeratopsError, type DType, type Shape, sizeOf } from '@ceratops/kernel-registry';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import {
  add,
  cast,
  divide,
  equal,
  less,
  matmul,
  multiply,
  reshape,
  sqrt,
  subtract,
  sum,
  transpose,
} from '../ops/common.js';
import { normal } from '../random/distributions.js';
import { RandomInitializer, type Seed, type SeedOptions, seedRow } from './initializer.js';

export interface OrthogonalOptions extends SeedOptions {
  /** What the matrix is multiplied by, 1 by default. */
  readonly gain?: number | undefined;
}

/**
 * One step of Gram and Schmidt's method: column `index` of `matrix`, less its parts along the columns of `done` before it, as a
 * unit vector. Twice, since once leaves rounding errors (Giraud, Langou, Rozložník 2005).
 */
const orthogonalised = (matrix: Tensor, done: Tensor, index: Tensor): Tensor => {
  const columns = iota({ dtype: 'int32', shape: [matrix.shape[1]!] }, 0);
  const here = cast(equal(columns, index), matrix.dtype);
  const before = multiply(done, cast(less(columns, index), matrix.dtype));
  let column = sum(multiply(matrix, here), { axis: 1, keepdims: true });
  for (let pass = 0; pass < 2; pass++) column = subtract(column, matmul(before, matmul(transpose(before), column)));
  const unit = divide(column, sqrt(sum(multiply(column, column))));
  return add(done, multiply(unit, here));
};

class OrthogonalClass extends RandomInitializer {
  declare readonly gain: number;

  static override table(): Table<{ gain: number; seed: Seed | undefined }> {
    return { gain: float('gain', 1), seed: seedRow() };
  }

  override invoke(shape: Shape, dtype?: DType): Tensor {
    const columns = shape.at(-1);
    if (shape.length < 2 || columns === undefined) {
      throw new CeratopsError('SHAPE_MISMATCH', 'needs a shape of two or more axes', {
        subject: 'Orthogonal',
        received: `[${shape}]`,
      });
    }
    const rows = sizeOf(shape.slice(0, -1));
    const tall = [Math.max(rows, columns), Math.min(rows, columns)];
    const matrix = normal(tall, { dtype, seed: this.drawnSeed });
    const step = jit(orthogonalised);
    let done = multiply(matrix, 0);
    for (let index = 0; index < tall[1]!; index++) done = step(matrix, done, asTensor(index, 'int32'));
    return multiply(reshape(rows < columns ? transpose(done) : done, shape), this.gain);
  }
}

export interface Orthogonal extends OrthogonalClass {}
/** The orthogonal factor of a normal matrix; of all axes but the last, made one, and the last. */
export const Orthogonal: Construct<[gain?: number | OrthogonalOptions, options?: OrthogonalOptions], Orthogonal> =
  /*#__PURE__*/ define('Orthogonal', OrthogonalClass, { module: 'keras.initializers' });
