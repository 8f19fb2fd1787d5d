import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { KerasTensor, ShapeTree } from '../engine/keras-tensor.js';
import { bool, oneOf } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { dotProductAttention } from '../ops/attention.js';
import { add, expandDims, multiply, reshape, sum, tanh } from '../ops/common.js';
import { einsum } from '../ops/einsum.js';
import {
  type DropoutSettings,
  dropoutRows,
  ScoredAttention,
  type ScoredAttentionCall,
  type ScoredAttentionOptions,
} from './scored-attention.js';

export type ScoreMode = 'dot' | 'concat';

export interface AttentionLayerOptions extends ScoredAttentionOptions {
  /** Scores are products (`dot`, the default), or sums of tanh(query + key) (`concat`). */
  readonly scoreMode?: ScoreMode | undefined;
}

interface AttentionSettings extends DropoutSettings {
  readonly useScale: boolean;
  readonly scoreMode: ScoreMode;
}

class AttentionClass extends ScoredAttention {
  declare readonly scoreMode: ScoreMode;
  concatScoreWeight: Weight | undefined;

  static override table(): Table<AttentionSettings> {
    return {
      useScale: bool('use_scale', false),
      scoreMode: oneOf<ScoreMode>('score_mode', ['dot', 'concat'], 'dot'),
      ...dropoutRows(),
    };
  }

  override build(shapes: ShapeTree): void {
    this.shapesFrom(shapes);
    if (this.useScale) this.scale = this.addWeight({ name: 'scale', initializer: 'ones' });
    if (this.scoreMode === 'concat')
      this.concatScoreWeight = this.addWeight({ name: 'concat_score_weight', initializer: 'ones' });
  }

  #scaled(x: Tensor): Tensor {
    return this.scale === undefined ? x : multiply(x, this.scale);
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    if (this.scoreMode === 'dot') return this.#scaled(einsum('...qd,...kd->...qk', query, key));
    const sums = this.#scaled(add(expandDims(query, -2), expandDims(key, -3)));
    return multiply(this.concatScoreWeight!, sum(tanh(sums), -1));
  }

  /** As attention with one head. */
  protected override fused(query: Tensor, key: Tensor, value: Tensor, isCausal: boolean): Tensor | undefined {
    if (this.scoreMode !== 'dot' || query.shape.length !== 3) return undefined;
    const [q, k, v] = [this.#scaled(query), key, value].map((x) => expandDims(x, 2)) as [Tensor, Tensor, Tensor];
    const output = dotProductAttention(q, k, v, { scale: 1, isCausal });
    return reshape(output, [...query.shape.slice(0, 2), value.shape[2]!]);
  }
}

/** Dot-product attention, also called Luong attention. */
export interface Attention extends AttentionClass, ScoredAttentionCall<Tensor>, ScoredAttentionCall<KerasTensor> {}

export interface AttentionConstructor {
  /** Dot-product attention (Luong et al., 2015): `layer([query, value])` or `layer([query, value, key])`, [batch, positions, features] each. */
  new (useScale?: boolean | AttentionLayerOptions, options?: AttentionLayerOptions): Attention;
  /** Dot-product attention (Luong et al., 2015): `layer([query, value])` or `layer([query, value, key])`, [batch, positions, features] each. */
  (useScale?: boolean | AttentionLayerOptions, options?: AttentionLayerOptions): Attention;
  readonly prototype: Attention;
}

export const Attention: AttentionConstructor = /*#__PURE__*/ define('Attention', AttentionClass, {
  module: 'keras.layers',
}) as unknown as AttentionConstructor;
