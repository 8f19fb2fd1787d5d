/** What MultiHeadAttention and GroupQueryAttention share: calls with several tensors, masks, projections, the attention itself. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import type { AnyLayer } from '../engine/call-context.js';
import type { KerasTensor, ShapeTree, SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { callLayer } from '../engine/layer-call.js';
import { type CallArguments, Node } from '../engine/node.js';
import { bool, float, int, optional } from '../engine/rows.js';
import { show } from '../engine/show.js';
import { inferOutputs } from '../engine/symbolic.js';
import { type Config, isPlainObject, type Table } from '../engine/table.js';
import { cloneInitializer } from '../initializers/clone.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { dotProductAttention } from '../ops/attention.js';
import { expandDims, multiply } from '../ops/common.js';
import { einsum } from '../ops/einsum.js';
import { repeat } from '../ops/tiling.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { allOf, atRank, causalMask, checkMask, windowMask } from './attention-masks.js';
import { checkCallOptions, kerasOptions, ownOptions } from './call-options.js';
import { Dropout } from './dropout.js';
import { EinsumDense } from './einsum-dense.js';
import { Softmax } from './softmax.js';
import { withActivityRegularizer } from './support.js';
import { type WeightSettings, weightRows } from './weights.js';

export interface AttentionOptions extends LayerOptions {
  /** Rate at which probabilities are dropped while training, 0 by default. */
  readonly dropout?: number | undefined;
  /** Whether the projections have a bias; true by default. */
  readonly useBias?: boolean | undefined;
  /** Queries see only the keys less than this many positions away; all by default. */
  readonly slidingWindow?: number | undefined;
  /** True refuses what needs the matrix of scores: dropout, and returning it. It is avoided wherever it can be in any case. */
  readonly flashAttention?: boolean | undefined;
  /** `glorot_uniform` by default. */
  readonly kernelInitializer?: InitializerIdentifier | undefined;
  /** `zeros` by default. */
  readonly biasInitializer?: InitializerIdentifier | undefined;
  readonly kernelRegularizer?: RegularizerIdentifier | undefined;
  readonly biasRegularizer?: RegularizerIdentifier | undefined;
  readonly kernelConstraint?: ConstraintIdentifier | undefined;
  readonly biasConstraint?: ConstraintIdentifier | undefined;
  /** Whether a sigmoid gate made of the query multiplies the result of each head; false by default. */
  readonly useGate?: boolean | undefined;
  /** Of the dropout's random stream; drawn when absent. */
  readonly seed?: number | undefined;
}

/** Options of a call; T is a tensor, or a symbolic one. */
export interface AttentionCallOptions<T = Tensor> extends CallOptions {
  /** The keys, where they are not the values. */
  readonly key?: T | undefined;
  /** Bool, [batch, queries]; taken from the query when absent. */
  readonly queryMask?: T | undefined;
  /** Bool, [batch, keys]; taken from the values when absent. */
  readonly valueMask?: T | undefined;
  /** Bool, [batch, keys]; taken from the keys when absent. */
  readonly keyMask?: T | undefined;
  /** Bool, true where a query sees a key: [batch, queries, keys], or with heads, [batch, heads, queries, keys]. */
  readonly attentionMask?: T | undefined;
  /** Whether each query sees only the keys up to its own position. */
  readonly useCausalMask?: boolean | undefined;
  /** Whether the probabilities are returned too, as the second result. */
  readonly returnAttentionScores?: boolean | undefined;
}

const callOptions: readonly string[] = [
  'key',
  'queryMask',
  'valueMask',
  'keyMask',
  'attentionMask',
  'useCausalMask',
  'returnAttentionScores',
];

type WithScores<O> = O & { readonly returnAttentionScores: true };

/** How a layer with heads is called: `layer(query, value)`, `layer(query, value, key)`, either with options behind. */
export interface AttentionCall<T> {
  (query: T, value: T, options: WithScores<AttentionCallOptions<T>>): [output: T, scores: T];
  (query: T, value: T, key: T, options: WithScores<AttentionCallOptions<T>>): [output: T, scores: T];
  (query: T, value: T, key?: T | AttentionCallOptions<T>, options?: AttentionCallOptions<T>): T;
}

export interface HeadSettings extends WeightSettings<'kernel'>, WeightSettings<'bias'> {
  readonly dropout: number;
  readonly useBias: boolean;
  readonly slidingWindow: number | undefined;
  readonly flashAttention: boolean | undefined;
  readonly useGate: boolean;
  readonly seed: number | undefined;
}

export function headRows(): Table<HeadSettings> {
  return {
    dropout: float('dropout', 0, { min: 0, max: 1 }),
    useBias: bool('use_bias', true),
    slidingWindow: optional(int('sliding_window', undefined, { min: 1 })),
    flashAttention: optional(bool('flash_attention')),
    ...weightRows('kernel', 'glorot_uniform'),
    ...weightRows('bias', 'zeros'),
    useGate: bool('use_gate', false),
    seed: optional(int('seed')),
  };
}

/** Einsum equations over projected tensors. */
export interface AttentionPlan {
  /** key, query → scores. */
  readonly scores: string;
  /** scores, value → output. */
  readonly combine: string;
  /** How many axes of positions there are. */
  readonly axes: number;
  /** How many query heads in a row share a head of keys and values. */
  readonly repeats: number;
}

export interface Projection {
  readonly equation: string;
  readonly outputShape: readonly (number | null)[];
  readonly biasAxes: string;
  readonly activation?: 'sigmoid' | undefined;
}

type Projected = readonly [query: Tensor, key: Tensor, value: Tensor];
type Masks = readonly (Tensor | undefined)[] | undefined;

export abstract class AttentionHeads extends Layer<never, unknown> {
  declare readonly dropout: number;
  declare readonly useBias: boolean;
  declare readonly slidingWindow: number | undefined;
  declare readonly flashAttention: boolean | undefined;
  declare readonly useGate: boolean;
  declare readonly seed: number | undefined;
  declare readonly kernelInitializer: Initializer;
  declare readonly biasInitializer: Initializer;
  declare readonly kernelRegularizer: Regularizer | undefined;
  declare readonly biasRegularizer: Regularizer | undefined;
  declare readonly kernelConstraint: Constraint | undefined;
  declare readonly biasConstraint: Constraint | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    if (this.flashAttention && this.dropout > 0) this.#needsScores('dropout');
  }

  #needsScores(what: string): never {
    throw new CeratopsError('INVALID_ARGUMENT', `${what} needs the scores, which flash attention does not have`, {
      subject: `${this}`,
      remedy: 'leave flashAttention out: the matrix of scores is avoided wherever nothing needs it',
    });
  }

  // --- calls with several tensors -------------------------------------------------------------------------------

  override invoke(...parameters: unknown[]): unknown {
    const last = parameters.at(-1);
    const options = isPlainObject(last) ? last : {};
    checkCallOptions(this, options, callOptions);
    const tensors = (isPlainObject(last) ? parameters.slice(0, -1) : parameters).filter((x) => x !== undefined);
    if (options.key !== undefined) tensors.push(options.key);
    if (tensors.length === 2 || tensors.length === 3) return callLayer(this as AnyLayer, tensors, options);
    throw new CeratopsError('INVALID_ARGUMENT', 'wrong number of tensors', {
      subject: `${this}`,
      expected: 'layer(query, value) or layer(query, value, key)',
      received: Array.isArray(parameters[0]) ? 'a list' : `${tensors.length}`,
    });
  }

  override record(inputs: unknown, options: CallOptions, outputs: unknown): void {
    const tensors = inputs as readonly KerasTensor[];
    new Node(this, options.key === undefined ? tensors : tensors.slice(0, 2), kerasOptions(options), outputs);
  }

  override apply(args: readonly unknown[], options: CallArguments): unknown {
    return this.invoke(...args, ownOptions(options));
  }

  /** One by one: a list of arrays of numbers is no array of numbers. */
  override convertInputs(inputs: unknown): unknown {
    return (inputs as readonly unknown[]).map((input) => super.convertInputs(input));
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions): unknown {
    if (options.returnAttentionScores !== true) return super.computeOutputSpec(inputs, options);
    return inferOutputs((x: never, rest: CallOptions) => this.call(x, rest), [inputs, options]);
  }

  /** The query's. */
  override computeMask(_inputs: unknown, masks: unknown): unknown {
    return (masks as Masks)?.[0];
  }

  override getBuildConfig(): Config | undefined {
    const shapes = this.$layer.buildShape as readonly SymbolicShape[] | undefined;
    if (shapes === undefined) return undefined;
    const names = ['query_shape', 'value_shape', 'key_shape'];
    return { shapes_dict: Object.fromEntries(shapes.map((shape, i) => [names[i]!, shape])) };
  }

  override buildFromConfig(config: Config): void {
    const { query_shape, value_shape, key_shape } = (config.shapes_dict ?? {}) as { [name: string]: SymbolicShape };
    if (this.built || query_shape === undefined || value_shape === undefined) return;
    this.build([query_shape, value_shape, ...(key_shape === undefined ? [] : [key_shape])]);
  }

  /** The config without what Keras does not keep. */
  override getConfig(): Config {
    const { flash_attention: _, ...config } = withActivityRegularizer(super.getConfig());
    return config;
  }

  /**
   * The shapes of query, value and key.
   * @throws SHAPE_MISMATCH when they are no list of shapes, and when keys and values are not equally many.
   */
  protected shapesFrom(shapes: ShapeTree): readonly [SymbolicShape, SymbolicShape, SymbolicShape] {
    const [query, value, key = value] = shapes as readonly [SymbolicShape, SymbolicShape, SymbolicShape?];
    if (![query, value, key].every((shape) => Array.isArray(shape) && shape.length > 2)) {
      throw new CeratopsError('SHAPE_MISMATCH', 'the shapes do not fit', {
        subject: `${this}`,
        expected: '[query, value] or [query, value, key], each [batch, positions, features]',
        received: show(shapes),
      });
    }
    const positions = (shape: SymbolicShape): string => shape.slice(1, -1).join();
    if (positions(value) === positions(key)) return [query, value, key];
    throw new CeratopsError('SHAPE_MISMATCH', 'keys and values differ', {
      subject: `${this}`,
      expected: `the positions of the values, [${value.slice(1, -1)}]`,
      received: `[${key.slice(1, -1)}]`,
    });
  }

  // --- parts ----------------------------------------------------------------------------------------------------

  /** A dense layer, built, whose initializers are like this layer's. */
  protected projection(name: string, projection: Projection, inputShape: SymbolicShape): EinsumDense {
    const { equation, outputShape, biasAxes, activation } = projection;
    const layer = EinsumDense(equation, outputShape, {
      name,
      activation,
      biasAxes: this.useBias ? biasAxes : undefined,
      kernelInitializer: cloneInitializer(this.kernelInitializer),
      biasInitializer: cloneInitializer(this.biasInitializer),
      kernelRegularizer: this.kernelRegularizer,
      biasRegularizer: this.biasRegularizer,
      activityRegularizer: this.projectionRegularizer,
      kernelConstraint: this.kernelConstraint,
      biasConstraint: this.biasConstraint,
      dtype: this.dtypePolicy,
    });
    // What is masked here ends in the attention, not in a projection.
    layer.supportsMasking = true;
    layer.build(inputShape);
    return layer;
  }

  /** Of the projections' outputs. */
  protected abstract readonly projectionRegularizer: LayerOptions['activityRegularizer'];

  protected softmaxOver(axes: number): Softmax {
    const axis = Array.from({ length: axes }, (_, i) => i - axes);
    return Softmax(axes === 1 ? -1 : axis, { dtype: this.dtypePolicy });
  }

  protected scoreDropout(): Dropout {
    return Dropout(this.dropout, { seed: this.seed, dtype: this.dtypePolicy });
  }

  /** What the query sees, as far as masks and the window say; without causality. */
  protected visible(
    [query, value]: readonly Tensor[],
    options: AttentionCallOptions,
    masks: readonly unknown[],
  ): Tensor | undefined {
    const [ownMask, valueMask, keyMask] = masks as readonly (Tensor | undefined)[];
    const queryMask = options.queryMask ?? ownMask;
    this.#checkMasks(
      [query!, value!],
      [queryMask, options.valueMask ?? valueMask, options.keyMask ?? keyMask],
      options,
    );
    const alongKeys = (mask: Tensor | undefined): Tensor | undefined => mask && expandDims(mask, -2);
    const { slidingWindow } = this;
    return allOf([
      queryMask && expandDims(queryMask, -1),
      alongKeys(options.valueMask ?? valueMask),
      alongKeys(options.keyMask ?? keyMask),
      slidingWindow === undefined ? undefined : windowMask(query!.shape[1]!, value!.shape[1]!, slidingWindow),
      options.attentionMask,
    ]);
  }

  /** @throws SHAPE_MISMATCH that names the mask; with one axis of positions only, where all masks are lists of these. */
  #checkMasks(
    [query, value]: readonly [Tensor, Tensor],
    [ofQuery, ofValue, ofKey]: readonly (Tensor | undefined)[],
    { attentionMask }: AttentionCallOptions,
  ): void {
    if (query.shape.length !== 3) return;
    const [batch, queries] = query.shape as readonly [number, number];
    const keys = value.shape[1]!;
    checkMask('the mask of the queries', ofQuery, [batch, queries]);
    checkMask('the mask of the values', ofValue, [batch, keys]);
    checkMask('the mask of the keys', ofKey, [batch, keys]);
    const forHeads = [batch, null, queries, keys];
    checkMask('attentionMask', attentionMask, [queries, keys], [batch, queries, keys], forHeads);
  }

  /** The output of the heads, and their scores where these were needed. */
  protected attend(
    [query, key, value]: Projected,
    plan: AttentionPlan,
    layers: { readonly softmax: Softmax; readonly dropout: Dropout },
    { visible, scale, options }: { visible: Tensor | undefined; scale: number; options: AttentionCallOptions },
  ): readonly [Tensor, Tensor | undefined] {
    const { useCausalMask: isCausal = false, returnAttentionScores } = options;
    const place = -2 * plan.axes - 1;
    if (this.flashAttention && returnAttentionScores) this.#needsScores('returning the scores');
    if (this.dropout === 0 && !returnAttentionScores && query.shape.length === 4) {
      return [dotProductAttention(query, key, value, { mask: atRank(visible, 4, place), scale, isCausal }), undefined];
    }
    const seen = allOf([visible, isCausal ? causalMask(query.shape[1]!, value.shape[1]!) : undefined]);
    const shared = (x: Tensor): Tensor => (plan.repeats === 1 ? x : repeat(x, plan.repeats, { axis: 2 }));
    const products = einsum(plan.scores, shared(key), multiply(query, scale));
    const scores = layers.softmax(products, { mask: atRank(seen, products.shape.length, place) });
    const kept = this.dropout > 0 ? layers.dropout(scores) : scores;
    return [einsum(plan.combine, kept, shared(value)), scores];
  }
}
