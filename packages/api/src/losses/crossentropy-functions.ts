/** Crossentropies, per sample. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import { epsilon } from '../engine/config.js';
import { binaryCrossentropy as binaryOp } from '../ops/binary-crossentropy.js';
import { categoricalCrossentropy as categoricalOp } from '../ops/categorical-crossentropy.js';
import {
  add,
  cast,
  clip,
  convertToTensor,
  divide,
  log,
  mean,
  multiply,
  negative,
  power,
  sigmoid,
  softmax,
  subtract,
  sum,
} from '../ops/common.js';
import { toFloat } from '../ops/support.js';
import { type PerSample, perSample } from '../training/parts.js';

export interface CrossentropyOptions {
  /** Whether predictions are scores rather than probabilities. */
  readonly fromLogits?: boolean | undefined;
  /** How far labels are drawn towards uniform, 0 by default. */
  readonly labelSmoothing?: number | undefined;
  /** The axis of the classes (or of the mean, for binary ones), -1 by default. */
  readonly axis?: number | undefined;
}

export interface FocalOptions extends CrossentropyOptions {
  /** Weight of all classes, or a list of one for each; 0.25 by default. */
  readonly alpha?: number | readonly number[] | undefined;
  /** How strongly easy samples are discounted, 2 by default. */
  readonly gamma?: number | undefined;
}

export interface BinaryFocalOptions extends Omit<FocalOptions, 'alpha'> {
  /** Weight of the class 1, 0.25 by default. */
  readonly alpha?: number | undefined;
  readonly applyClassBalancing?: boolean | undefined;
}

function smooth(yTrue: Tensor, amount: number, classes: number): Tensor {
  return amount === 0 ? yTrue : add(multiply(yTrue, 1 - amount), amount / classes);
}

function operands(yTrue: TensorLike, yPred: TensorLike): [truth: Tensor, prediction: Tensor] {
  const prediction = toFloat(yPred);
  return [cast(convertToTensor(yTrue), prediction.dtype), prediction];
}

export const categoricalCrossentropy: PerSample<[options?: CrossentropyOptions]> = /*#__PURE__*/ perSample(
  'categorical_crossentropy',
  (yTrue, yPred, options = {}) => {
    const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
    const [truth, prediction] = operands(yTrue, yPred);
    const labels = smooth(truth, labelSmoothing, truth.shape.at(-1)!);
    return categoricalOp(labels, prediction, { fromLogits, axis });
  },
);

export const categoricalFocalCrossentropy: PerSample<[options?: FocalOptions]> = /*#__PURE__*/ perSample(
  'categorical_focal_crossentropy',
  (yTrue, yPred, options = {}) => {
    const { alpha = 0.25, gamma = 2, fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
    const [truth, prediction] = operands(yTrue, yPred);
    const labels = smooth(truth, labelSmoothing, truth.shape.at(-1)!);
    const raw = fromLogits ? softmax(prediction, axis) : prediction;
    const output = clip(divide(raw, sum(raw, { axis, keepdims: true })), epsilon(), 1 - epsilon());
    const weight = multiply(power(subtract(1, output), gamma), asTensor(alpha, output.dtype));
    return sum(multiply(weight, multiply(negative(labels), log(output))), axis);
  },
);

export const binaryCrossentropy: PerSample<[options?: CrossentropyOptions]> = /*#__PURE__*/ perSample(
  'binary_crossentropy',
  (yTrue, yPred, options = {}) => {
    const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
    const [truth, prediction] = operands(yTrue, yPred);
    return mean(binaryOp(smooth(truth, labelSmoothing, 2), prediction, { fromLogits }), axis);
  },
);

export const binaryFocalCrossentropy: PerSample<[options?: BinaryFocalOptions]> = /*#__PURE__*/ perSample(
  'binary_focal_crossentropy',
  (yTrue, yPred, options = {}) => {
    const {
      applyClassBalancing = false,
      alpha = 0.25,
      gamma = 2,
      fromLogits = false,
      labelSmoothing = 0,
      axis = -1,
    } = options;
    const [truth, prediction] = operands(yTrue, yPred);
    const labels = smooth(truth, labelSmoothing, 2);
    const output = fromLogits ? sigmoid(prediction) : prediction;
    const crossentropy = binaryOp(labels, output);
    const mix = (onOne: Tensor | number, onZero: Tensor | number): Tensor => {
      return add(multiply(labels, onOne), multiply(subtract(1, labels), onZero));
    };
    const focal = multiply(power(subtract(1, mix(output, subtract(1, output))), gamma), crossentropy);
    return mean(applyClassBalancing ? multiply(mix(alpha, 1 - alpha), focal) : focal, axis);
  },
);
