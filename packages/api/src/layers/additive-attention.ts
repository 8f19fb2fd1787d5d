import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { KerasTensor, ShapeTree } from '../engine/keras-tensor.js';
import { bool } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, expandDims, multiply, sum, tanh } from '../ops/common.js';
import {
  type DropoutSettings,
  dropoutRows,
  ScoredAttention,
  type ScoredAttentionCall,
  type ScoredAttentionOptions,
} from './scored-attention.js';
import { knownSize } from './weights.js';

class AdditiveAttentionClass extends ScoredAttention {
  static override table(): Table<DropoutSettings & { readonly useScale: boolean }> {
    return { useScale: bool('use_scale', true), ...dropoutRows() };
  }

  override build(shapes: ShapeTree): void {
    const [query] = this.shapesFrom(shapes);
    if (this.useScale) this.scale = this.addWeight({ name: 'scale', shape: [knownSize(this, query, -1)] });
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    const sums = tanh(add(expandDims(query, -2), expandDims(key, -3)));
    return sum(this.scale === undefined ? sums : multiply(this.scale, sums), -1);
  }
}

/** Additive attention, also called Bahdanau attention. */
export interface AdditiveAttention
  extends AdditiveAttentionClass,
    ScoredAttentionCall<Tensor>,
    ScoredAttentionCall<KerasTensor> {}

export interface AdditiveAttentionConstructor {
  /** Additive attention (Bahdanau et al., 2014), with scores Σ scale · tanh(query + key): `layer([query, value])` or `layer([query, value, key])`. */
  new (useScale?: boolean | ScoredAttentionOptions, options?: ScoredAttentionOptions): AdditiveAttention;
  /** Additive attention (Bahdanau et al., 2014), with scores Σ scale · tanh(query + key): `layer([query, value])` or `layer([query, value, key])`. */
  (useScale?: boolean | ScoredAttentionOptions, options?: ScoredAttentionOptions): AdditiveAttention;
  readonly prototype: AdditiveAttention;
}

export const AdditiveAttention: AdditiveAttentionConstructor = /*#__PURE__*/ define(
  'AdditiveAttention',
  AdditiveAttentionClass,
  { module: 'keras.layers' },
) as unknown as AdditiveAttentionConstructor;
