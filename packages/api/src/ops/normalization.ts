/** What the normalizing layers compute: batchNormalization, layerNormalization, rmsNormalization. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { dtypes } from '@ceratops/kernel-registry';
import { rsqrt } from '@ceratops/kernel-registry/composites';
import { epsilon as defaultEpsilon } from '../engine/config.js';
import { multiply } from './arithmetic.js';
import { keepAxes, meanOver } from './reductions.js';
import { varianceOver } from './statistics.js';
import {
  type Axis,
  castTo,
  declare,
  defineOp,
  leading,
  literal,
  normalizeAxes,
  normalizeAxis,
  type Op,
  toFloat,
} from './support.js';

/** 1 / √(x + ε). */
function inverseDeviation(variance: Tensor, epsilon: number): Tensor {
  return prim.compositeAtHand(rsqrt, [prim.add(variance, literal(variance, epsilon))])[0]!;
}

export interface BatchNormalizationOptions {
  readonly axis: number;
  readonly offset?: TensorLike | null | undefined;
  readonly scale?: TensorLike | null | undefined;
  readonly epsilon?: number | undefined;
}

/** `(x - mean) / √(variance + ε) · scale + offset`, the vectors lying along one axis. */
export const batchNormalization: Op<
  (
    x: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    axis: number | BatchNormalizationOptions,
    options?: Partial<BatchNormalizationOptions>,
  ) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('BatchNorm', 3, 'nn', ['axis', 'offset', 'scale', 'epsilon'], {
    positional: ['offset', 'scale'],
    defaults: { epsilon: 1e-3 },
  }),
  (
    x: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    first: number | BatchNormalizationOptions,
    rest?: Partial<BatchNormalizationOptions>,
  ): Tensor => {
    const {
      axis = -1,
      offset,
      scale,
      epsilon = 1e-3,
    } = leading<Partial<BatchNormalizationOptions>>('axis', first, rest);
    const value = toFloat(x);
    const along = normalizeAxis(axis, value.shape.length, 'batchNormalization');
    const spread = (vector: TensorLike): Tensor =>
      prim.broadcastInDim(castTo(asTensor(vector), value.dtype), value.shape, [along]);
    const deviation = inverseDeviation(castTo(asTensor(variance), value.dtype), epsilon);
    const factor =
      scale === null || scale === undefined
        ? deviation
        : prim.multiply(deviation, castTo(asTensor(scale), value.dtype));
    const back = prim.negate(prim.multiply(castTo(asTensor(mean), value.dtype), factor));
    const shift =
      offset === null || offset === undefined ? back : prim.add(back, castTo(asTensor(offset), value.dtype));
    return prim.add(prim.multiply(value, spread(factor)), spread(shift));
  },
);

export interface LayerNormalizationOptions {
  readonly gamma?: TensorLike | null | undefined;
  readonly beta?: TensorLike | null | undefined;
  readonly axis?: Axis | undefined;
  readonly epsilon?: number | undefined;
  /** Only divides by the deviation. */
  readonly rmsScaling?: boolean | undefined;
}

/** Zero mean and unit variance over the axes (the last), then · gamma + beta, whose shape is that of the axes. */
export const layerNormalization: Op<(x: TensorLike, options?: LayerNormalizationOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('LayerNorm', 1, 'nn', ['gamma', 'beta', 'axis', 'epsilon', 'rmsScaling'], {
      positional: ['gamma', 'beta'],
      defaults: { axis: -1, rms_scaling: false },
    }),
    (x: TensorLike, options: LayerNormalizationOptions = {}): Tensor => {
      const { gamma, beta, axis = -1, epsilon = defaultEpsilon(), rmsScaling = false } = options;
      const given = toFloat(x);
      const value = dtypes[given.dtype].bits < 32 ? castTo(given, 'float32') : given;
      const { shape } = value;
      const axes = normalizeAxes(axis, shape.length, 'layerNormalization');
      const widen = (reduced: Tensor): Tensor => prim.broadcastTo(keepAxes(reduced, shape, axes, true), shape);
      const alongAxes = (weight: TensorLike): Tensor =>
        prim.broadcastInDim(castTo(asTensor(weight), value.dtype), shape, axes);
      const deviation = widen(inverseDeviation(varianceOver(value, axes), epsilon));
      const factor = gamma === null || gamma === undefined ? deviation : prim.multiply(deviation, alongAxes(gamma));
      if (rmsScaling) return castTo(prim.multiply(value, factor), given.dtype);
      const shift = prim.multiply(prim.negate(widen(meanOver(value, axes))), factor);
      const offset = beta === null || beta === undefined ? shift : prim.add(shift, alongAxes(beta));
      return castTo(prim.add(prim.multiply(value, factor), offset), given.dtype);
    },
  );

export interface RMSNormalizationOptions {
  /** Multiplies the result; broadcasts to it. */
  readonly scale?: TensorLike | null | undefined;
  readonly axis?: Axis | undefined;
  readonly epsilon?: number | undefined;
}

/** `x / √(mean(x²) + ε) · scale`, the mean being over the axes (the last). */
export const rmsNormalization: Op<(x: TensorLike, options?: RMSNormalizationOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('RMSNorm', 1, 'nn', ['scale', 'axis', 'epsilon'], {
      keywords: ['scale'],
      defaults: { axis: -1 },
    }),
    (x: TensorLike, { scale, axis = -1, epsilon = defaultEpsilon() }: RMSNormalizationOptions = {}): Tensor => {
      const given = toFloat(x);
      const value = dtypes[given.dtype].bits < 32 ? castTo(given, 'float32') : given;
      const axes = normalizeAxes(axis, value.shape.length, 'rmsNormalization');
      const inverse = inverseDeviation(meanOver(prim.multiply(value, value), axes), epsilon);
      const scaled = prim.multiply(value, prim.broadcastTo(keepAxes(inverse, value.shape, axes, true), value.shape));
      if (scale === null || scale === undefined) return castTo(scaled, given.dtype);
      return castTo(multiply(scaled, castTo(asTensor(scale), value.dtype)), given.dtype);
    },
  );
