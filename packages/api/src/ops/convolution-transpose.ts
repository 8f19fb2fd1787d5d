/** Transposed convolutions. Not in convolution.ts, which all programs with convolutions have. */

import type { Tensor, TensorLike } from '@ceratops/core';
import { type ConvOptions, convDefaults, convGeometry, convOperands, convolve } from './convolution.js';
import { declare, defineOp, invalid, leading, type Op, shapeError } from './support.js';
import { type PaddingPair, spatialValues } from './windows.js';

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
      defaults: convDefaults,
    },
  ),
  (
    inputs: TensorLike,
    kernel: TensorLike,
    first?: number | readonly number[] | ConvTransposeOptions,
    rest?: ConvTransposeOptions,
  ): Tensor => {
    const options = leading<ConvTransposeOptions>('strides', first, rest);
    const { x, w } = convOperands(inputs, kernel);
    const sizes = w.shape.slice(0, -2);
    const { strides, dilations, format, channels } = convGeometry(x, sizes, options);
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
