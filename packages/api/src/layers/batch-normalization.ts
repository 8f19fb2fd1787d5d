import { promoteTypes, type Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { epsilon as tiny } from '../engine/config.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { json } from '../engine/list-rows.js';
import { bool, float, int, object, optional } from '../engine/rows.js';
import type { Json, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { type InitializerIdentifier, initializers } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import {
  add,
  broadcastTo,
  cast,
  divide,
  expandDims,
  multiply,
  reshape,
  square,
  subtract,
  sum,
  where,
} from '../ops/common.js';
import { batchNormalization } from '../ops/normalization.js';
import { moments } from '../ops/statistics.js';
import { normalizeAxis } from '../ops/support.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { addNamedWeight, knownSize, type WeightSettings, weightRows } from './weights.js';

export interface BatchNormalizationOptions extends LayerOptions {
  /** The axis of the channels, -1 by default; all others are averaged over. */
  readonly axis?: number | undefined;
  /** How slowly the moving averages follow, 0.99 by default. */
  readonly momentum?: number | undefined;
  /** Added to the variance, 1e-3 by default. */
  readonly epsilon?: number | undefined;
  /** Whether there is a `beta` that is added; true by default. */
  readonly center?: boolean | undefined;
  /** Whether there is a `gamma` that multiplies; true by default. */
  readonly scale?: boolean | undefined;
  readonly betaInitializer?: InitializerIdentifier | undefined;
  readonly gammaInitializer?: InitializerIdentifier | undefined;
  readonly movingMeanInitializer?: InitializerIdentifier | undefined;
  readonly movingVarianceInitializer?: InitializerIdentifier | undefined;
  readonly betaRegularizer?: RegularizerIdentifier | undefined;
  readonly gammaRegularizer?: RegularizerIdentifier | undefined;
  readonly betaConstraint?: ConstraintIdentifier | undefined;
  readonly gammaConstraint?: ConstraintIdentifier | undefined;
}

interface BatchNormalizationSettings extends WeightSettings<'beta'>, WeightSettings<'gamma'> {
  axis: number;
  momentum: number;
  epsilon: number;
  center: boolean;
  scale: boolean;
  movingMeanInitializer: Initializer;
  movingVarianceInitializer: Initializer;
  synchronized: boolean;
  renorm: boolean;
  renormClipping: Json | undefined;
  renormMomentum: number;
}

class BatchNormalizationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly axis: number;
  declare readonly momentum: number;
  declare readonly epsilon: number;
  declare readonly center: boolean;
  declare readonly scale: boolean;
  declare readonly betaInitializer: Initializer;
  declare readonly gammaInitializer: Initializer;
  declare readonly movingMeanInitializer: Initializer;
  declare readonly movingVarianceInitializer: Initializer;
  declare readonly betaRegularizer: Regularizer | undefined;
  declare readonly gammaRegularizer: Regularizer | undefined;
  declare readonly betaConstraint: Constraint | undefined;
  declare readonly gammaConstraint: Constraint | undefined;
  declare readonly synchronized: boolean;
  declare readonly renorm: boolean;
  declare readonly renormClipping: Json | undefined;
  declare readonly renormMomentum: number;
  gamma: Weight | undefined;
  beta: Weight | undefined;
  movingMean: Weight | undefined;
  movingVariance: Weight | undefined;

  static override table(): Table<BatchNormalizationSettings> {
    return {
      axis: int('axis', -1),
      momentum: float('momentum', 0.99),
      epsilon: float('epsilon', 1e-3),
      center: bool('center', true),
      scale: bool('scale', true),
      ...weightRows('beta', 'zeros'),
      ...weightRows('gamma', 'ones'),
      movingMeanInitializer: object('moving_mean_initializer', initializers, 'zeros'),
      movingVarianceInitializer: object('moving_variance_initializer', initializers, 'ones'),
      synchronized: bool('synchronized', false),
      renorm: bool('renorm', false),
      renormClipping: optional(json('renorm_clipping')),
      renormMomentum: float('renorm_momentum', 0.99),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    if (this.renorm)
      throw new CeratopsError('UNSUPPORTED', 'batch renormalization is not available', { subject: `${this}` });
  }

  override build(inputShape: SymbolicShape): void {
    const axis = normalizeAxis(this.axis, inputShape.length, `${this}`);
    const size = knownSize(this, inputShape, axis);
    const options = { autocast: false };
    if (this.scale) this.gamma = addNamedWeight(this, 'gamma', [size], options);
    if (this.center) this.beta = addNamedWeight(this, 'beta', [size], options);
    const moving = { shape: [size], autocast: false, trainable: false };
    this.movingMean = this.addWeight({ name: 'moving_mean', ...moving, initializer: this.movingMeanInitializer });
    this.movingVariance = this.addWeight({
      name: 'moving_variance',
      ...moving,
      initializer: this.movingVarianceInitializer,
    });
    this.inputSpec = { rank: inputShape.length, axes: { [axis]: size } };
  }

  override call(inputs: Tensor, { training, mask }: CallOptions): Tensor {
    const x = cast(inputs, promoteTypes(inputs.dtype, 'float32'));
    const rank = (mask as Tensor | undefined | null)?.shape?.length;
    if (mask && rank !== x.shape.length - 1) {
      throw new CeratopsError('SHAPE_MISMATCH', 'the mask does not fit', {
        subject: `${this}`,
        expected: `rank ${x.shape.length - 1}`,
        received: `rank ${rank}`,
      });
    }
    const batch = training && this.trainable;
    const [mean, variance] = batch
      ? this.#batchMoments(x, mask as Tensor | undefined)
      : [this.movingMean!.value, this.movingVariance!.value];
    if (batch) {
      this.#follow(this.movingMean!, mean);
      this.#follow(this.movingVariance!, variance);
    }
    const { axis, epsilon, beta: offset, gamma: scale } = this;
    return cast(batchNormalization(x, mean, variance, { axis, epsilon, offset, scale }), this.computeDtype);
  }

  #follow(moving: Weight, current: Tensor): void {
    const kept = multiply(moving.value, this.momentum);
    moving.assign(cast(add(kept, multiply(current, 1 - this.momentum)), moving.dtype));
  }

  #batchMoments(x: Tensor, mask: Tensor | undefined | null): readonly [Tensor, Tensor] {
    const rank = x.shape.length;
    const channels = normalizeAxis(this.axis, rank, `${this}`);
    const axes = x.shape.map((_, i) => i).filter((i) => i !== channels);
    if (mask === undefined || mask === null) return moments(x, axes);
    const visible = broadcastTo(cast(expandDims(mask, -1), 'bool'), x.shape);
    const over = { axis: axes, keepdims: true };
    const count = add(sum(cast(visible, x.dtype), over), tiny());
    const mean = divide(sum(where(visible, x, 0), over), count);
    const variance = divide(sum(square(where(visible, subtract(x, mean), 0)), over), count);
    const vector = [x.shape[channels]!];
    return [reshape(mean, vector), reshape(variance, vector)];
  }
}

/** Keeps the mean of each channel near 0 and its deviation near 1. */
export interface BatchNormalization extends BatchNormalizationClass {}

export interface BatchNormalizationConstructor {
  /**
   * Normalizes channels: by the batch's moments while training, by their moving averages otherwise and when not
   * `trainable`.
   */
  new (axis?: number | BatchNormalizationOptions, options?: BatchNormalizationOptions): BatchNormalization;
  /**
   * Normalizes channels: by the batch's moments while training, by their moving averages otherwise and when not
   * `trainable`.
   */
  (axis?: number | BatchNormalizationOptions, options?: BatchNormalizationOptions): BatchNormalization;
  readonly prototype: BatchNormalization;
}

export const BatchNormalization: BatchNormalizationConstructor = /*#__PURE__*/ define(
  'BatchNormalization',
  BatchNormalizationClass,
  {
    module: 'keras.layers',
  },
);
