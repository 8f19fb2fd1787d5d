import { promoteTypes, type Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { bool, float, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { add, cast, multiply, negative, reshape, rsqrt } from '../ops/common.js';
import { moments } from '../ops/statistics.js';
import { normalizeAxis } from '../ops/support.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { addNamedWeight, knownSize, type WeightSettings, weightRows } from './weights.js';

export interface GroupNormalizationOptions extends LayerOptions {
  /** Into how many groups the channels are split, 32 by default; -1 makes each channel its own. */
  readonly groups?: number | undefined;
  /** The axis of the channels, -1 by default. */
  readonly axis?: number | undefined;
  /** Added to the variance, 1e-3 by default. */
  readonly epsilon?: number | undefined;
  /** Whether there is a `beta` that is added; true by default. */
  readonly center?: boolean | undefined;
  /** Whether there is a `gamma` that multiplies; true by default. */
  readonly scale?: boolean | undefined;
  readonly betaInitializer?: InitializerIdentifier | undefined;
  readonly gammaInitializer?: InitializerIdentifier | undefined;
  readonly betaRegularizer?: RegularizerIdentifier | undefined;
  readonly gammaRegularizer?: RegularizerIdentifier | undefined;
  readonly betaConstraint?: ConstraintIdentifier | undefined;
  readonly gammaConstraint?: ConstraintIdentifier | undefined;
}

interface GroupNormalizationSettings extends WeightSettings<'beta'>, WeightSettings<'gamma'> {
  readonly groups: number;
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

class GroupNormalizationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare groups: number;
  declare readonly axis: number;
  declare readonly epsilon: number;
  declare readonly center: boolean;
  declare readonly scale: boolean;
  declare readonly betaInitializer: Initializer;
  declare readonly gammaInitializer: Initializer;
  declare readonly betaRegularizer: Regularizer | undefined;
  declare readonly gammaRegularizer: Regularizer | undefined;
  declare readonly betaConstraint: Constraint | undefined;
  declare readonly gammaConstraint: Constraint | undefined;
  gamma: Weight | undefined;
  beta: Weight | undefined;

  static override table(): Table<GroupNormalizationSettings> {
    return {
      groups: int('groups', 32, { min: -1 }),
      axis: int('axis', -1),
      epsilon: float('epsilon', 1e-3),
      center: bool('center', true),
      scale: bool('scale', true),
      ...weightRows('beta', 'zeros'),
      ...weightRows('gamma', 'ones'),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.autocast = false;
    if (this.groups === 0) this.#reject('0 groups', 'a positive number, or -1', '0');
  }

  #reject(problem: string, expected: string, received: string): never {
    throw new CeratopsError('INVALID_ARGUMENT', problem, { subject: `${this}`, expected, received });
  }

  override build(inputShape: SymbolicShape): void {
    const axis = normalizeAxis(this.axis, inputShape.length, `${this}`);
    const size = knownSize(this, inputShape, axis);
    if (this.groups !== -1 && size % this.groups !== 0)
      this.#reject('the channels do not divide into groups', `a multiple of ${this.groups}`, `${size}`);
    if (this.groups === -1) this.groups = size;
    const options = { autocast: false };
    if (this.scale) this.gamma = addNamedWeight(this, 'gamma', [size], options);
    if (this.center) this.beta = addNamedWeight(this, 'beta', [size], options);
    this.inputSpec = { rank: inputShape.length, axes: { [axis]: size } };
  }

  override call(inputs: Tensor): Tensor {
    const { shape } = inputs;
    const axis = normalizeAxis(this.axis, shape.length, `${this}`);
    const split = [this.groups, shape[axis]! / this.groups];
    const x = reshape(cast(inputs, promoteTypes(inputs.dtype, 'float32')), [
      ...shape.slice(0, axis),
      ...split,
      ...shape.slice(axis + 1),
    ]);
    const others = x.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
    const alongChannels = (weight: Weight): Tensor => {
      return cast(
        reshape(
          weight,
          x.shape.map((size, i) => (i === axis || i === axis + 1 ? size : 1)),
        ),
        x.dtype,
      );
    };
    const [mean, variance] = moments(x, others, { keepdims: true });
    const inverse = rsqrt(add(variance, this.epsilon));
    const factor = this.gamma === undefined ? inverse : multiply(inverse, alongChannels(this.gamma));
    const shift = multiply(negative(mean), factor);
    const offset = this.beta === undefined ? shift : add(shift, alongChannels(this.beta));
    const output = cast(add(multiply(x, factor), offset), inputs.dtype);
    return cast(reshape(output, shape), this.computeDtype);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    normalizeAxis(this.axis, inputShape.length, `${this}`);
    return inputShape;
  }
}

/** Keeps the mean of each group of channels near 0 and its deviation near 1, in each sample. */
export interface GroupNormalization extends GroupNormalizationClass {}

export interface GroupNormalizationConstructor {
  /** Normalizes groups of channels in each sample (Wu and He, Group Normalization, 2018). @param groups how many there are, 32 by default. */
  new (groups?: number | GroupNormalizationOptions, options?: GroupNormalizationOptions): GroupNormalization;
  /** Normalizes groups of channels in each sample (Wu and He, Group Normalization, 2018). @param groups how many there are, 32 by default. */
  (groups?: number | GroupNormalizationOptions, options?: GroupNormalizationOptions): GroupNormalization;
  readonly prototype: GroupNormalization;
}

export const GroupNormalization: GroupNormalizationConstructor = /*#__PURE__*/ define(
  'GroupNormalization',
  GroupNormalizationClass,
  { module: 'keras.layers' },
);
