import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Constraint } from '../constraints/constraint.js';
import { type ConstraintIdentifier, constraints } from '../constraints/family.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { axes, bool, float, object, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { type InitializerIdentifier, initializers } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { cast } from '../ops/common.js';
import { layerNormalization } from '../ops/normalization.js';
import { normalizeAxis } from '../ops/support.js';
import { type RegularizerIdentifier, regularizers } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';

type Axes = number | readonly number[];

export interface LayerNormalizationOptions extends LayerOptions {
  /** The axes that are normalized together, -1 by default. */
  readonly axis?: Axes | undefined;
  /** Added to the variance, 1e-3 by default. */
  readonly epsilon?: number | undefined;
  /** Whether there is a `beta` that is added; true by default. */
  readonly center?: boolean | undefined;
  /** Whether there is a `gamma` that multiplies; true by default. */
  readonly scale?: boolean | undefined;
  /** Only divides by the deviation: no centering, no `beta`. Keras has deprecated it. */
  readonly rmsScaling?: boolean | undefined;
  readonly betaInitializer?: InitializerIdentifier | undefined;
  readonly gammaInitializer?: InitializerIdentifier | undefined;
  readonly betaRegularizer?: RegularizerIdentifier | undefined;
  readonly gammaRegularizer?: RegularizerIdentifier | undefined;
  readonly betaConstraint?: ConstraintIdentifier | undefined;
  readonly gammaConstraint?: ConstraintIdentifier | undefined;
}

interface LayerNormalizationSettings {
  axis: Axes;
  epsilon: number;
  center: boolean;
  scale: boolean;
  rmsScaling: boolean;
  betaInitializer: Initializer;
  gammaInitializer: Initializer;
  betaRegularizer: Regularizer | undefined;
  gammaRegularizer: Regularizer | undefined;
  betaConstraint: Constraint | undefined;
  gammaConstraint: Constraint | undefined;
}

class LayerNormalizationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare axis: Axes;
  declare readonly epsilon: number;
  declare readonly center: boolean;
  declare readonly scale: boolean;
  declare readonly rmsScaling: boolean;
  declare readonly betaInitializer: Initializer;
  declare readonly gammaInitializer: Initializer;
  declare readonly betaRegularizer: Regularizer | undefined;
  declare readonly gammaRegularizer: Regularizer | undefined;
  declare readonly betaConstraint: Constraint | undefined;
  declare readonly gammaConstraint: Constraint | undefined;
  gamma: Weight | undefined;
  beta: Weight | undefined;

  static override table(): Table<LayerNormalizationSettings> {
    return {
      axis: axes('axis', -1),
      epsilon: float('epsilon', 1e-3),
      center: bool('center', true),
      scale: bool('scale', true),
      rmsScaling: bool('rms_scaling', false),
      betaInitializer: object('beta_initializer', initializers, 'zeros'),
      gammaInitializer: object('gamma_initializer', initializers, 'ones'),
      betaRegularizer: optional(object('beta_regularizer', regularizers)),
      gammaRegularizer: optional(object('gamma_regularizer', regularizers)),
      betaConstraint: optional(object('beta_constraint', constraints)),
      gammaConstraint: optional(object('gamma_constraint', constraints)),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  override build(inputShape: SymbolicShape): void {
    const list = [this.axis].flat().sort((a, b) => a - b);
    this.axis = list;
    const shape = list.map((axis) => {
      const size = inputShape[normalizeAxis(axis, inputShape.length, `${this}`)];
      if (typeof size === 'number') return size;
      throw new CeratopsError('SHAPE_MISMATCH', `the size of axis ${axis} must be known`, {
        subject: `${this}`,
        received: 'None',
      });
    });
    const common = { shape, autocast: false };
    if (this.scale || this.rmsScaling) {
      const { gammaInitializer: initializer, gammaRegularizer: regularizer, gammaConstraint: constraint } = this;
      this.gamma = this.addWeight({ name: 'gamma', ...common, initializer, regularizer, constraint });
    }
    if (this.center && !this.rmsScaling) {
      const { betaInitializer: initializer, betaRegularizer: regularizer, betaConstraint: constraint } = this;
      this.beta = this.addWeight({ name: 'beta', ...common, initializer, regularizer, constraint });
    }
  }

  override call(x: Tensor): Tensor {
    const { gamma, beta, axis, epsilon, rmsScaling } = this;
    return cast(layerNormalization(x, { gamma, beta, axis, epsilon, rmsScaling }), this.computeDtype);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    for (const axis of [this.axis].flat()) normalizeAxis(axis, inputShape.length, `${this}`);
    return inputShape;
  }
}

/** Keeps the mean of each sample near 0 and its deviation near 1. */
export interface LayerNormalization extends LayerNormalizationClass {}

export interface LayerNormalizationConstructor {
  /** Normalizes each sample over axes, the last by default. */
  new (axis?: Axes | LayerNormalizationOptions, options?: LayerNormalizationOptions): LayerNormalization;
  /** Normalizes each sample over axes, the last by default. */
  (axis?: Axes | LayerNormalizationOptions, options?: LayerNormalizationOptions): LayerNormalization;
  readonly prototype: LayerNormalization;
}

export const LayerNormalization: LayerNormalizationConstructor = /*#__PURE__*/ define(
  'LayerNormalization',
  LayerNormalizationClass,
  {
    module: 'keras.layers',
  },
);
