import type { Tensor } from '@ceratops/core';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { axes, bool, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { cast } from '../ops/common.js';
import { layerNormalization } from '../ops/normalization.js';
import { normalizeAxis } from '../ops/support.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { addNamedWeight, knownSize, type WeightSettings, weightRows } from './weights.js';

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

interface LayerNormalizationSettings extends WeightSettings<'beta'>, WeightSettings<'gamma'> {
  readonly axis: Axes;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly rmsScaling: boolean;
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
      ...weightRows('beta', 'zeros'),
      ...weightRows('gamma', 'ones'),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  override build(inputShape: SymbolicShape): void {
    const list = [this.axis].flat().sort((a, b) => a - b);
    this.axis = list;
    const shape = list.map((axis) => knownSize(this, inputShape, normalizeAxis(axis, inputShape.length, `${this}`)));
    const options = { autocast: false };
    if (this.scale || this.rmsScaling) this.gamma = addNamedWeight(this, 'gamma', shape, options);
    if (this.center && !this.rmsScaling) this.beta = addNamedWeight(this, 'beta', shape, options);
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
