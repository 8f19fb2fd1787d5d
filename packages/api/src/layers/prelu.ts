import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { axes, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { add, multiply, negative, relu } from '../ops/common.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { addNamedWeight, knownSize, type WeightSettings, weightRows } from './weights.js';

export interface PReLUOptions extends LayerOptions {
  /** `zeros` by default. */
  readonly alphaInitializer?: InitializerIdentifier | undefined;
  readonly alphaRegularizer?: RegularizerIdentifier | undefined;
  readonly alphaConstraint?: ConstraintIdentifier | undefined;
  /** Axes along which all elements share a slope: [1, 2] for one slope per channel of an image. */
  readonly sharedAxes?: number | readonly number[] | undefined;
}

interface PReLUSettings extends WeightSettings<'alpha'> {
  readonly sharedAxes: number | readonly number[] | undefined;
}

class PReLUClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly alphaInitializer: Initializer;
  declare readonly alphaRegularizer: Regularizer | undefined;
  declare readonly alphaConstraint: Constraint | undefined;
  declare readonly sharedAxes: readonly number[] | undefined;
  alpha: Weight | undefined;

  static override table(): Table<PReLUSettings> {
    return { ...weightRows('alpha', 'zeros'), sharedAxes: optional(axes('shared_axes')) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.sharedAxes = this.sharedAxes === undefined ? undefined : [this.sharedAxes].flat();
  }

  override build(inputShape: SymbolicShape): void {
    const rank = inputShape.length;
    // Keras counts negative axes, and 0, in the shape without the batch, one further.
    const shared = (this.sharedAxes ?? []).map((axis) => (axis > 0 ? axis : axis + rank - 1));
    if (!shared.every((axis) => axis > 0 && axis < rank)) {
      throw new CeratopsError('SHAPE_MISMATCH', "an axis of 'sharedAxes' is not there", {
        subject: `${this}`,
        expected: `axes from 1 to ${rank - 1}`,
        received: `[${this.sharedAxes!.join(', ')}]`,
      });
    }
    const all = inputShape.map((_, axis) => axis).slice(1);
    const shape = all.map((axis) => (shared.includes(axis) ? 1 : knownSize(this, inputShape, axis)));
    this.alpha = addNamedWeight(this, 'alpha', shape);
    const fixed = shared.length === 0 ? [] : all.filter((axis) => !shared.includes(axis));
    this.inputSpec = {
      rank,
      axes: Object.fromEntries(fixed.map((axis) => [axis, inputShape[axis]!])),
    };
  }

  override call(x: Tensor): Tensor {
    return add(relu(x), multiply(negative(this.alpha!), relu(negative(x))));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** The rectified linear unit with slopes below 0 that are learnt. */
export interface PReLU extends PReLUClass {}

export interface PReLUConstructor {
  /** x where positive, else alpha · x, with an alpha for each element of a sample (He et al., 2015). */
  new (alphaInitializer?: InitializerIdentifier | PReLUOptions, options?: PReLUOptions): PReLU;
  /** x where positive, else alpha · x, with an alpha for each element of a sample (He et al., 2015). */
  (alphaInitializer?: InitializerIdentifier | PReLUOptions, options?: PReLUOptions): PReLU;
  readonly prototype: PReLU;
}

export const PReLU: PReLUConstructor = /*#__PURE__*/ define('PReLU', PReLUClass, { module: 'keras.layers' });
