import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import type { KerasTensor, ShapeTree, SymbolicShape } from '../engine/keras-tensor.js';
import type { LayerOptions } from '../engine/layer.js';
import { int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { multiply } from '../ops/common.js';
import {
  type AttentionCall,
  type AttentionCallOptions,
  AttentionHeads,
  type AttentionOptions,
  type HeadSettings,
  headRows,
} from './attention-heads.js';
import type { Dropout } from './dropout.js';
import type { EinsumDense } from './einsum-dense.js';
import type { Softmax } from './softmax.js';

export interface GroupQueryAttentionOptions extends AttentionOptions {}

interface GroupQueryAttentionSettings extends HeadSettings {
  readonly headDim: number;
  readonly numQueryHeads: number;
  readonly numKeyValueHeads: number;
}

const equations = { scores: 'bkuh,bquh->buqk', combine: 'buqk,bkuh->bquh', axes: 1 } as const;

class GroupQueryAttentionClass extends AttentionHeads {
  declare readonly headDim: number;
  declare readonly numQueryHeads: number;
  declare readonly numKeyValueHeads: number;
  _queryDense: EinsumDense | undefined;
  _keyDense: EinsumDense | undefined;
  _gateDense: EinsumDense | undefined;
  _valueDense: EinsumDense | undefined;
  _outputDense: EinsumDense | undefined;
  _softmax: Softmax | undefined;
  _dropoutLayer: Dropout | undefined;

  static override table(): Table<GroupQueryAttentionSettings> {
    return {
      headDim: int('head_dim', undefined, { min: 1 }),
      numQueryHeads: int('num_query_heads', undefined, { min: 1 }),
      numKeyValueHeads: int('num_key_value_heads', undefined, { min: 1 }),
      ...headRows(),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const { numQueryHeads, numKeyValueHeads } = this;
    if (numQueryHeads % numKeyValueHeads === 0) return;
    throw new CeratopsError('INVALID_ARGUMENT', "'numQueryHeads' is not divisible by 'numKeyValueHeads'", {
      subject: `${this}`,
      expected: `a multiple of ${numKeyValueHeads}`,
      received: `${numQueryHeads}`,
    });
  }

  protected override get projectionRegularizer(): LayerOptions['activityRegularizer'] {
    return this.activityRegularizer;
  }

  override build(shapes: ShapeTree): void {
    const [query, value, key] = this.shapesFrom(shapes);
    const { headDim, numQueryHeads, numKeyValueHeads } = this;
    const ofQuery = { equation: 'bqm,muh->bquh', outputShape: [null, numQueryHeads, headDim], biasAxes: 'uh' };
    const ofKey = { equation: 'bkm,mvh->bkvh', outputShape: [null, numKeyValueHeads, headDim], biasAxes: 'vh' };
    this._queryDense = this.projection('query', ofQuery, query);
    this._keyDense = this.projection('key', ofKey, key);
    if (this.useGate) this._gateDense = this.projection('gate', { ...ofQuery, activation: 'sigmoid' }, query);
    this._valueDense = this.projection('value', ofKey, value);
    this._softmax = this.softmaxOver(1);
    this._dropoutLayer = this.scoreDropout();
    const output = { equation: 'bquh,uhm->bqm', outputShape: [null, query[2] ?? null], biasAxes: 'm' };
    this._outputDense = this.projection('attention_output', output, [null, null, numQueryHeads, headDim]);
  }

  override call(inputs: readonly Tensor[], options: AttentionCallOptions): Tensor | [Tensor, Tensor] {
    const [query, value, key = value] = inputs as readonly [Tensor, Tensor, Tensor?];
    const visible = this.visible(inputs, options, (options.mask ?? []) as readonly unknown[]);
    const gate = this._gateDense?.(query);
    const [heads, scores] = this.attend(
      [this._queryDense!(query), this._keyDense!(key), this._valueDense!(value)],
      { ...equations, repeats: this.numQueryHeads / this.numKeyValueHeads },
      { softmax: this._softmax!, dropout: this._dropoutLayer! },
      { visible, scale: 1 / Math.sqrt(this.headDim), options },
    );
    const output = this._outputDense!(gate === undefined ? heads : multiply(heads, gate));
    return options.returnAttentionScores ? [output, scores!] : output;
  }

  override computeOutputShape(shapes: ShapeTree): SymbolicShape {
    return this.shapesFrom(shapes)[0];
  }
}

/** Attention whose query heads share heads of keys and values. */
export interface GroupQueryAttention
  extends GroupQueryAttentionClass,
    AttentionCall<Tensor>,
    AttentionCall<KerasTensor> {}

type Parameters = [
  headDim: number,
  numQueryHeads: number,
  numKeyValueHeads: number,
  dropout?: number | GroupQueryAttentionOptions,
  options?: GroupQueryAttentionOptions,
];

export interface GroupQueryAttentionConstructor {
  /**
   * Attention whose query heads share heads of keys and values (Ainslie et al., GQA, 2023): `layer(query, value)` or
   * `layer(query, value, key)`, of shapes [batch, positions, features].
   * @param headDim depth of each head.
   * @param numQueryHeads a multiple of `numKeyValueHeads`.
   */
  new (...parameters: Parameters): GroupQueryAttention;
  /**
   * Attention whose query heads share heads of keys and values (Ainslie et al., GQA, 2023): `layer(query, value)` or
   * `layer(query, value, key)`, of shapes [batch, positions, features].
   * @param headDim depth of each head.
   * @param numQueryHeads a multiple of `numKeyValueHeads`.
   */
  (...parameters: Parameters): GroupQueryAttention;
  readonly prototype: GroupQueryAttention;
}

export const GroupQueryAttention: GroupQueryAttentionConstructor = /*#__PURE__*/ define(
  'GroupedQueryAttention',
  GroupQueryAttentionClass,
  { module: 'keras.layers', savedAs: 'GroupQueryAttention' },
) as unknown as GroupQueryAttentionConstructor;
