/** `keras.constraints`: limits on the norms or signs of weights. */

import type { Tensor } from '@ceratops/core';
import { epsilon } from '../engine/config.js';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { axes, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, clip, divide, maximum, multiply, sqrt, square, sum } from '../ops/common.js';
import { ConstraintObject } from './constraint.js';

const module = 'keras.constraints';

type Axes = number | readonly number[];

function norms(x: Tensor, axis: Axes): Tensor {
  return sqrt(sum(square(x), { axis, keepdims: true }));
}

/** x with its norms brought to `desired`. */
function rescale(x: Tensor, current: Tensor, desired: Tensor): Tensor {
  return multiply(x, divide(desired, add(current, epsilon())));
}

export interface AxisOptions {
  /** The axes over which a norm is taken, 0 by default: the inputs of a Dense kernel. */
  readonly axis?: Axes | undefined;
}

export interface MaxNormOptions extends AxisOptions {
  readonly maxValue?: number | undefined;
}

class MaxNormClass extends ConstraintObject {
  declare readonly maxValue: number;
  declare readonly axis: Axes;

  static override table(): Table<{ maxValue: number; axis: Axes }> {
    return { maxValue: float('max_value', 2), axis: axes('axis', 0) };
  }

  override invoke(x: Tensor): Tensor {
    const current = norms(x, this.axis);
    return rescale(x, current, clip(current, 0, this.maxValue));
  }
}

export interface MaxNorm extends MaxNormClass {}
/** Norms at most `maxValue`, 2 by default. */
export const MaxNorm: Construct<[maxValue?: number | MaxNormOptions, options?: MaxNormOptions], MaxNorm> =
  /*#__PURE__*/ define('MaxNorm', MaxNormClass, { module });

class NonNegClass extends ConstraintObject {
  override invoke(x: Tensor): Tensor {
    return maximum(x, 0);
  }
}

export interface NonNeg extends NonNegClass {}
/** Negative elements become 0. */
export const NonNeg: Construct<[], NonNeg> = /*#__PURE__*/ define('NonNeg', NonNegClass, { module });

class UnitNormClass extends ConstraintObject {
  declare readonly axis: Axes;

  static override table(): Table<{ axis: Axes }> {
    return { axis: axes('axis', 0) };
  }

  override invoke(x: Tensor): Tensor {
    return divide(x, add(norms(x, this.axis), epsilon()));
  }
}

export interface UnitNorm extends UnitNormClass {}
/** Norms equal to 1. */
export const UnitNorm: Construct<[axis?: Axes | AxisOptions], UnitNorm> = /*#__PURE__*/ define(
  'UnitNorm',
  UnitNormClass,
  { module },
);

export interface MinMaxNormOptions extends AxisOptions {
  readonly minValue?: number | undefined;
  readonly maxValue?: number | undefined;
  /** How far to move towards the limits, 1 by default. */
  readonly rate?: number | undefined;
}

class MinMaxNormClass extends ConstraintObject {
  declare readonly minValue: number;
  declare readonly maxValue: number;
  declare readonly rate: number;
  declare readonly axis: Axes;

  static override table(): Table<{ minValue: number; maxValue: number; rate: number; axis: Axes }> {
    return {
      minValue: float('min_value', 0),
      maxValue: float('max_value', 1),
      rate: float('rate', 1),
      axis: axes('axis', 0),
    };
  }

  override invoke(x: Tensor): Tensor {
    const current = norms(x, this.axis);
    const limited = multiply(clip(current, this.minValue, this.maxValue), this.rate);
    return rescale(x, current, add(limited, multiply(current, 1 - this.rate)));
  }
}

export interface MinMaxNorm extends MinMaxNormClass {}
/** Norms between `minValue` (0) and `maxValue` (1). */
export const MinMaxNorm: Construct<[minValue?: number | MinMaxNormOptions, options?: MinMaxNormOptions], MinMaxNorm> =
  /*#__PURE__*/ define('MinMaxNorm', MinMaxNormClass, { module });
