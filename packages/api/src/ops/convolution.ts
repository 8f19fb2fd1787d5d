/** Convolutions over one, two or three spatial axes, in either data format. */

import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { castTo, declare, defineOp, invalid, leading, type Op, shapeError } from './support.js';
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

interface Geometry {
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

function convolve(x: Tensor, kernel: Tensor, geometry: Geometry): Tensor {
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

function operands(inputs: TensorLike, kernel: TensorLike): { x: Tensor; w: Tensor } {
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

interface Resolved {
  readonly format: DataFormat;
  readonly channels: number;
  readonly spatial: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly PaddingPair[];
}

function resolve(x: Tensor, kernelSizes: readonly number[], options: ConvOptions): Resolved {
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

const optionNames = ['strides', 'padding', 'dataFormat', 'dilationRate'];
const defaults = { strides: 1, padding: 'valid', data_format: 'channels_last', dilation_rate: 1 } as const;

/** Convolution; groups follow from the kernel's input channels. */
export const conv: Op<Conv> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Conv', 2, 'nn', optionNames, { defaults }),
  (
    inputs: TensorLike,
    kernel: TensorLike,
    first?: number | readonly number[] | ConvOptions,
    rest?: ConvOptions,
  ): Tensor => {
    const { x, w } = operands(inputs, kernel);
    const geometry = resolve(x, w.shape.slice(0, -2), leading<ConvOptions>('strides', first, rest));
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

/** Every input channel convolved on its own, with as many kernels as the kernel's last axis says. */
export const depthwiseConv: Op<Conv> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('DepthwiseConv', 2, 'nn', optionNames, { defaults }),
  (
    inputs: TensorLike,
    kernel: TensorLike,
    first?: number | readonly number[] | ConvOptions,
    rest?: ConvOptions,
  ): Tensor => {
    const { x, w } = operands(inputs, kernel);
    const sizes = w.shape.slice(0, -2);
    const geometry = resolve(x, sizes, leading<ConvOptions>('strides', first, rest));
    const flat = prim.reshape(w, [...sizes, 1, w.shape.at(-2)! * w.shape.at(-1)!]);
    return convolve(x, flat, { ...geometry, groups: geometry.channels });
  },
);

/** A depthwise convolution, then a pointwise one. */
export const separableConv: Op<
  (
    inputs: TensorLike,
    depthwiseKernel: TensorLike,
    pointwiseKernel: TensorLike,
    strides?: number | readonly number[] | ConvOptions,
    options?: ConvOptions,
  ) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('SeparableConv', 3, 'nn', optionNames, { defaults }),
  (
    inputs: TensorLike,
    depthwiseKernel: TensorLike,
    pointwiseKernel: TensorLike,
    first?: number | readonly number[] | ConvOptions,
    rest?: ConvOptions,
  ): Tensor => {
    const options = leading<ConvOptions>('strides', first, rest);
    const spread = depthwiseConv(inputs, depthwiseKernel, options);
    return conv(spread, pointwiseKernel, { dataFormat: options.dataFormat });
  },
);

export interface ConvTransposeOptions extends ConvOptions {
  readonly outputPadding?: number | readonly number[] | null | undefined;
}

/** How Keras pads the dilated input, per axis. */
function transposePadding(size: number, stride: number, same: boolean, extra: number | undefined): PaddingPair {
  if (!same) return [size - 1, size - 1 + (extra ?? Math.max(size, stride) - size)];
  const total = extra === undefined ? stride + size - 2 : size + (size % 2) - 2 + extra;
  const left = Math.min(Math.ceil(total / 2), size - 1);
  return [left, total - left];
}

/** The transpose (gradient) of a convolution; the kernel's last two axes are output, then input channels. */
export const convTranspose: Op<
  (
    inputs: TensorLike,
    kernel: TensorLike,
    strides?: number | readonly number[] | ConvTransposeOptions,
    options?: ConvTransposeOptions,
  ) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare(
    'ConvTranspose',
    2,
    'nn',
    ['strides', 'padding', 'outputPadding', 'dataFormat', 'dilationRate'],
    {
      defaults,
    },
  ),
  (
    inputs: TensorLike,
    kernel: TensorLike,
    first?: number | readonly number[] | ConvTransposeOptions,
    rest?: ConvTransposeOptions,
  ): Tensor => {
    const options = leading<ConvTransposeOptions>('strides', first, rest);
    const { x, w } = operands(inputs, kernel);
    const sizes = w.shape.slice(0, -2);
    const { strides, dilations, format, channels } = resolve(x, sizes, options);
    if (channels !== w.shape.at(-1))
      throw shapeError('convTranspose', 'the channels differ', `${w.shape.at(-1)}`, `${channels}`);
    const { outputPadding, padding: mode = 'valid' } = options;
    if (mode !== 'valid' && mode !== 'same')
      throw invalid('convTranspose', 'unknown padding', "'valid' or 'same'", mode);
    const extra =
      outputPadding === null || outputPadding === undefined
        ? undefined
        : spatialValues('outputPadding', outputPadding, sizes.length);
    const padding = sizes.map((size, i) =>
      transposePadding((size - 1) * dilations[i]! + 1, strides[i]!, mode === 'same', extra?.[i]),
    );
    const rank = sizes.length;
    return convolve(x, w, {
      strides: sizes.map(() => 1),
      inputDilations: strides,
      dilations,
      padding,
      reverseKernel: true,
      kernelFeatures: [rank + 1, rank],
      format,
      groups: 1,
    });
  },
);
