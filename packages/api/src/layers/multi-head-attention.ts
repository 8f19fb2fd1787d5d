import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { KerasTensor, ShapeTree, SymbolicShape } from '../engine/keras-tensor.js';
import type { LayerOptions } from '../engine/layer.js';
import { removeMask } from '../engine/masks.js';
import { axes, int, optional } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { multiply } from '../ops/common.js';
import { normalizeAxis } from '../ops/support.js';
import { regularizers } from '../regularizers/family.js';
import {
  type AttentionCall,
  type AttentionCallOptions,
  AttentionHeads,
  type AttentionOptions,
  type AttentionPlan,
  type HeadSettings,
  headRows,
  type Projection,
} from './attention-heads.js';
import type { Dropout } from './dropout.js';
import type { EinsumDense } from './einsum-dense.js';
import { type OutputShape, outputShapeRow } from './einsum-shapes.js';
import type { Softmax } from './softmax.js';

export interface MultiHeadAttentionOptions extends AttentionOptions {
  /** Depth of the values in each head, `keyDim` by default. */
  readonly valueDim?: number | undefined;
  /** Sizes of the output behind the positions; the query's last size by default. */
  readonly outputShape?: number | OutputShape | undefined;
  /** The axes of positions; all between the batch and the last by default. */
  readonly attentionAxes?: number | readonly number[] | undefined;
}

interface MultiHeadAttentionSettings extends HeadSettings {
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number | undefined;
  readonly outputShape: OutputShape | undefined;
  readonly attentionAxes: number | readonly number[] | undefined;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** `abc,cde->abde`: `free` axes kept, then `bound` summed over, then `made` ones of the kernel. */
function projectionOf(free: number, bound: number, made: readonly (number | null)[]): Projection {
  const kept = letters.slice(0, free);
  const summed = letters.slice(free, free + bound);
  const biasAxes = letters.slice(free + bound, free + bound + made.length);
  const outputShape = [...new Array<null>(free - 1).fill(null), ...made];
  return { equation: `${kept}${summed},${summed}${biasAxes}->${kept}${biasAxes}`, outputShape, biasAxes };
}

/** @param rank of the projected tensors, whose last axes are heads and depth. @param axes those of positions. */
function planOf(rank: number, axes: readonly number[]): AttentionPlan {
  const target = [...letters.slice(0, rank)];
  const source = target.map((letter, axis) => (axes.includes(axis) ? letters[rank + axes.indexOf(axis)]! : letter));
  const batch = target.filter((_, axis) => axis < rank - 1 && !axes.includes(axis));
  const scores = [...batch, ...axes.map((axis) => target[axis]!), ...axes.map((axis) => source[axis]!)].join('');
  return {
    scores: `${source.join('')},${target.join('')}->${scores}`,
    combine: `${scores},${source.join('')}->${target.join('')}`,
    axes: axes.length,
    repeats: 1,
  };
}

class MultiHeadAttentionClass extends AttentionHeads {
  declare readonly numHeads: number;
  declare readonly keyDim: number;
  declare readonly valueDim: number;
  declare readonly outputShape: OutputShape | undefined;
  declare attentionAxes: readonly number[] | undefined;
  queryDense: EinsumDense | undefined;
  keyDense: EinsumDense | undefined;
  _gateDense: EinsumDense | undefined;
  valueDense: EinsumDense | undefined;
  outputDense: EinsumDense | undefined;
  _softmax: Softmax | undefined;
  _dropoutLayer: Dropout | undefined;
  protected override readonly projectionRegularizer: LayerOptions['activityRegularizer'];

  static override table(): Table<MultiHeadAttentionSettings> {
    return {
      numHeads: int('num_heads', undefined, { min: 1 }),
      keyDim: int('key_dim', undefined, { min: 1 }),
      valueDim: optional(int('value_dim', undefined, { min: 1 })),
      outputShape: optional(outputShapeRow()),
      attentionAxes: optional(axes('attention_axes')),
      ...headRows(),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.valueDim ??= this.keyDim;
    if (this.attentionAxes !== undefined) this.attentionAxes = [this.attentionAxes].flat();
    this.projectionRegularizer = this.activityRegularizer;
    this.activityRegularizer = undefined;
  }

  override build(shapes: ShapeTree): void {
    const [query, value, key] = this.shapesFrom(shapes);
    const { numHeads, keyDim, valueDim } = this;
    const project = (name: string, shape: SymbolicShape, depth: number, more?: Pick<Projection, 'activation'>) =>
      this.projection(name, { ...projectionOf(shape.length - 1, 1, [numHeads, depth]), ...more }, shape);
    this.queryDense = project('query', query, keyDim);
    this.keyDense = project('key', key, keyDim);
    if (this.useGate) this._gateDense = project('gate', query, valueDim, { activation: 'sigmoid' });
    this.valueDense = project('value', value, valueDim);
    this.attentionAxes = (this.attentionAxes ?? value.slice(1, -1).map((_, i) => i + 1)).map((axis) =>
      normalizeAxis(axis, value.length, `${this}: attentionAxes`),
    );
    this._softmax = this.softmaxOver(this.attentionAxes.length);
    this._dropoutLayer = this.scoreDropout();
    const heads = [...query.slice(0, -1), numHeads, valueDim];
    const output = projectionOf(query.length - 1, 2, this.outputShape ?? [query.at(-1) ?? null]);
    this.outputDense = this.projection('attention_output', output, heads);
  }

  override call(inputs: readonly Tensor[], options: AttentionCallOptions): Tensor | [Tensor, Tensor] {
    const [query, value, key = value] = inputs as readonly [Tensor, Tensor, Tensor?];
    // As in Keras, the tensors have no masks any more for layers that take them later.
    inputs.forEach(removeMask);
    const visible = this.visible(inputs, options, (options.mask ?? []) as readonly unknown[]);
    const gate = this._gateDense?.(query);
    const projected = [this.queryDense!(query), this.keyDense!(key), this.valueDense!(value)] as const;
    const [heads, scores] = this.attend(
      projected,
      planOf(projected[2].shape.length, this.attentionAxes!),
      { softmax: this._softmax!, dropout: this._dropoutLayer! },
      { visible, scale: 1 / Math.sqrt(this.keyDim), options },
    );
    const output = this.outputDense!(gate === undefined ? heads : multiply(heads, gate));
    return options.returnAttentionScores ? [output, scores!] : output;
  }

  override computeOutputShape(shapes: ShapeTree): SymbolicShape {
    const [query] = this.shapesFrom(shapes);
    return this.outputShape === undefined ? query : [...query.slice(0, -1), ...this.outputShape];
  }

  override getConfig(): Config {
    const regularizer = this.projectionRegularizer;
    const config = super.getConfig();
    return regularizer === undefined
      ? config
      : { ...config, activity_regularizer: regularizers.serialize(regularizer as never) };
  }
}

/** Attention of several heads, each with projections of its own. */
export interface MultiHeadAttention
  extends MultiHeadAttentionClass,
    AttentionCall<Tensor>,
    AttentionCall<KerasTensor> {}

type Parameters = [
  numHeads: number,
  keyDim: number,
  valueDim?: number | MultiHeadAttentionOptions,
  options?: MultiHeadAttentionOptions,
];

export interface MultiHeadAttentionConstructor {
  /**
   * Attention of several heads (Vaswani et al., Attention Is All You Need, 2017): `layer(query, value)` or `layer(query, value, key)`, of
   * shapes [batch, positions, features]. The mask of the values, and the query's own, are taken from the tensors.
   * @param keyDim depth of queries and keys in each head.
   */
  new (...parameters: Parameters): MultiHeadAttention;
  /**
   * Attention of several heads (Vaswani et al., Attention Is All You Need, 2017): `layer(query, value)` or `layer(query, value, key)`, of
   * shapes [batch, positions, features]. The mask of the values, and the query's own, are taken from the tensors.
   * @param keyDim depth of queries and keys in each head.
   */
  (...parameters: Parameters): MultiHeadAttention;
  readonly prototype: MultiHeadAttention;
}

export const MultiHeadAttention: MultiHeadAttentionConstructor = /*#__PURE__*/ define(
  'MultiHeadAttention',
  MultiHeadAttentionClass,
  { module: 'keras.layers' },
) as unknown as MultiHeadAttentionConstructor;
