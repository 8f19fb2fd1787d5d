/** Convolutions over one, two or three spatial axes, in either data format. */

import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { castTo, declare, defineOp, leading, type Op, shapeError } from './support.js';
import { type DataFormat, type PaddingMode, type PaddingPair, samePadding, spatialValues } from './windows.js';

export interface ConvOptions {
  readonly strides?: number | readonly number[] | undefined;
  readonly padding?: PaddingMode | undefined;
  readonly dataFormat?: DataFormat | null | undefined;
  readonly dilationRate?: number | readonly number[] | undefined;
}

export type Conv = (
  inputs: TensorLike,
  kernel: TensorLike,
  strides?: number | readonly number[] | ConvOptions,
  options?: ConvOptions,
) => Tensor;

export interface Geometry {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly PaddingPair[];
  readonly inputDilations?: readonly number[] | undefined;
  readonly reverseKernel?: boolean | undefined;
  readonly format: DataFormat;
  readonly groups: number;
  /** Kernel axes of input and output features; the last two in Keras' layout. */
  readonly kernelFeatures?: readonly [input: number, output: number] | undefined;
}

export function convolve(x: Tensor, kernel: Tensor, geometry: Geometry): Tensor {
  const rank = x.shape.length - 2;
  const first = geometry.format === 'channels_first';
  const spatial = Array.from({ length: rank }, (_, i) => (first ? i + 2 : i + 1));
  const feature = first ? 1 : rank + 1;
  const ones = spatial.map(() => 1);
  const [kernelInput, kernelOutput] = geometry.kernelFeatures ?? [rank, rank + 1];
  return prim.convolution(x, kernel, {
    windowStrides: geometry.strides,
    padding: geometry.padding,
    lhsDilation: geometry.inputDilations ?? ones,
    rhsDilation: geometry.dilations,
    windowReversal: spatial.map(() => geometry.reverseKernel ?? false),
    inputBatchDimension: 0,
    inputFeatureDimension: feature,
    inputSpatialDimensions: spatial,
    kernelInputFeatureDimension: kernelInput,
    kernelOutputFeatureDimension: kernelOutput,
    kernelSpatialDimensions: spatial.map((_, i) => i),
    outputBatchDimension: 0,
    outputFeatureDimension: feature,
    outputSpatialDimensions: spatial,
    featureGroupCount: geometry.groups,
    batchGroupCount: 1,
    precision: 'default',
    dtype: x.dtype,
  });
}

export function convOperands(inputs: TensorLike, kernel: TensorLike): { x: Tensor; w: Tensor } {
  const [a, b] = [asTensor(inputs), asTensor(kernel)];
  const dtype = promoteTypes(a.dtype, b.dtype);
  if (a.shape.length < 3 || b.shape.length !== a.shape.length) {
    throw shapeError(
      'conv',
      'the ranks do not fit',
      'inputs and a kernel of rank 3 or more',
      `rank ${a.shape.length} and ${b.shape.length}`,
    );
  }
  return { x: castTo(a, dtype), w: castTo(b, dtype) };
}

export interface Resolved {
  readonly format: DataFormat;
  readonly channels: number;
  readonly spatial: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly PaddingPair[];
}

export function convGeometry(x: Tensor, kernelSizes: readonly number[], options: ConvOptions): Resolved {
  const rank = x.shape.length - 2;
  const format = options.dataFormat ?? 'channels_last';
  const spatial = format === 'channels_last' ? x.shape.slice(1, -1) : x.shape.slice(2);
  const channels = format === 'channels_last' ? x.shape.at(-1)! : x.shape[1]!;
  const strides = spatialValues('strides', options.strides ?? 1, rank);
  const dilations = spatialValues('dilationRate', options.dilationRate ?? 1, rank);
  const windows = kernelSizes.map((size, i) => (size - 1) * dilations[i]! + 1);
  const same = (options.padding ?? 'valid') === 'same';
  const padding = spatial.map((size, i) => (same ? samePadding(size, windows[i]!, strides[i]!) : ([0, 0] as const)));
  return { format, channels, spatial, strides, dilations, padding };
}

export const convOptionNames = ['strides', 'padding', 'dataFormat', 'dilationRate'];
export const convDefaults = { strides: 1, padding: 'valid', data_format: 'channels_last', dilation_rate: 1 } as const;

/** Convolution; groups follow from the kernel's input channels. */
export const conv: Op<Conv> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Conv', 2, 'nn', convOptionNames, { defaults: convDefaults }),
  (
    inputs: TensorLike,
    kernel: TensorLike,
    first?: number | readonly number[] | ConvOptions,
    rest?: ConvOptions,
  ): Tensor => {
    const { x, w } = convOperands(inputs, kernel);
    const geometry = convGeometry(x, w.shape.slice(0, -2), leading<ConvOptions>('strides', first, rest));
    const groups = geometry.channels / w.shape.at(-2)!;
    if (Number.isInteger(groups) && groups > 0) return convolve(x, w, { ...geometry, groups });
    throw shapeError(
      'conv',
      'the channels do not divide into groups',
      `a multiple of ${w.shape.at(-2)} channels`,
      `${geometry.channels}`,
    );
  },
);
