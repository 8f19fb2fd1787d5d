/** Initializers without chance. */

import type { Tensor } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { CeratopsError, type DType, type Shape } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { InitializerObject } from './initializer.js';

const module = 'keras.initializers';

class ZerosClass extends InitializerObject {
  override invoke(shape: Shape, dtype: DType = floatx()): Tensor {
    return prim.constant(0, { dtype, shape });
  }
}

export interface Zeros extends ZerosClass {}
/** All elements 0. */
export const Zeros: Construct<[], Zeros> = /*#__PURE__*/ define('Zeros', ZerosClass, { module });

class OnesClass extends InitializerObject {
  override invoke(shape: Shape, dtype: DType = floatx()): Tensor {
    return prim.constant(1, { dtype, shape });
  }
}

export interface Ones extends OnesClass {}
/** All elements 1. */
export const Ones: Construct<[], Ones> = /*#__PURE__*/ define('Ones', OnesClass, { module });

class ConstantClass extends InitializerObject {
  declare readonly value: number;

  static override table(): Table<{ value: number }> {
    return { value: float('value', 0) };
  }

  override invoke(shape: Shape, dtype: DType = floatx()): Tensor {
    return prim.constant(this.value, { dtype, shape });
  }
}

export interface Constant extends ConstantClass {}
/** All elements `value`, 0 by default. */
export const Constant: Construct<[value?: number | { readonly value?: number | undefined }], Constant> =
  /*#__PURE__*/ define('Constant', ConstantClass, { module });

class IdentityClass extends InitializerObject {
  declare readonly gain: number;

  static override table(): Table<{ gain: number }> {
    return { gain: float('gain', 1) };
  }

  override invoke(shape: Shape, dtype: DType = floatx()): Tensor {
    if (shape.length !== 2) {
      throw new CeratopsError('SHAPE_MISMATCH', 'only matrices have an identity', {
        subject: 'Identity',
        expected: 'rank 2',
        received: `shape [${shape.join(', ')}]`,
      });
    }
    const index = (dimension: number): Tensor => prim.iota({ dtype: 'int32', shape }, dimension);
    const diagonal = prim.compare(index(0), index(1), 'EQ');
    return prim.select(diagonal, prim.constant(this.gain, { dtype, shape }), prim.constant(0, { dtype, shape }));
  }

  /** Keras does not write `gain`, though it reads it: it is written only where it matters. */
  override getConfig(): Config {
    return this.gain === 1 ? {} : super.getConfig();
  }
}

export interface Identity extends IdentityClass {}
/** `gain` on the diagonal of a matrix, 0 elsewhere. */
export const Identity: Construct<[gain?: number | { readonly gain?: number | undefined }], Identity> =
  /*#__PURE__*/ define('Identity', IdentityClass, { module });
