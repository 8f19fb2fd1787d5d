/** Penalties on the size of a weight. */

import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { absolute, add, multiply, square, sum } from '../ops/common.js';
import { RegularizerObject } from './regularizer.js';

const module = 'keras.regularizers';

const absoluteSum = (factor: number, x: Tensor): Tensor => multiply(sum(absolute(x)), factor);
const squareSum = (factor: number, x: Tensor): Tensor => multiply(sum(square(x)), factor);

class L1Class extends RegularizerObject {
  declare readonly l1: number;

  static override table(): Table<{ l1: number }> {
    return { l1: float('l1', 0.01, { min: 0 }) };
  }

  override invoke(x: Tensor): Tensor {
    return absoluteSum(this.l1, x);
  }
}

export interface L1 extends L1Class {}
/** l1 · Σ|x|; 0.01 by default. */
export const L1: Construct<[l1?: number | { readonly l1?: number | undefined }], L1> = /*#__PURE__*/ define(
  'L1',
  L1Class,
  { module },
);

class L2Class extends RegularizerObject {
  declare readonly l2: number;

  static override table(): Table<{ l2: number }> {
    return { l2: float('l2', 0.01, { min: 0 }) };
  }

  override invoke(x: Tensor): Tensor {
    return squareSum(this.l2, x);
  }
}

export interface L2 extends L2Class {}
/** l2 · Σx²; 0.01 by default. */
export const L2: Construct<[l2?: number | { readonly l2?: number | undefined }], L2> = /*#__PURE__*/ define(
  'L2',
  L2Class,
  { module },
);

export interface L1L2Options {
  readonly l1?: number | undefined;
  readonly l2?: number | undefined;
}

class L1L2Class extends RegularizerObject {
  declare readonly l1: number;
  declare readonly l2: number;

  static override table(): Table<{ l1: number; l2: number }> {
    return { l1: float('l1', 0, { min: 0 }), l2: float('l2', 0, { min: 0 }) };
  }

  override invoke(x: Tensor): Tensor {
    if (this.l2 === 0) return absoluteSum(this.l1, x);
    const squares = squareSum(this.l2, x);
    return this.l1 === 0 ? squares : add(absoluteSum(this.l1, x), squares);
  }
}

export interface L1L2 extends L1L2Class {}
/** l1 · Σ|x| + l2 · Σx²; both 0 by default. */
export const L1L2: Construct<[l1?: number | L1L2Options, options?: L1L2Options], L1L2> = /*#__PURE__*/ define(
  'L1L2',
  L1L2Class,
  {
    module,
  },
);
