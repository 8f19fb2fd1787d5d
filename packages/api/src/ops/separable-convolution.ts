import type { Tensor, TensorLike } from '@ceratops/core';
import { type ConvOptions, conv, convDefaults, convOptionNames } from './convolution.js';
import { depthwiseConv } from './depthwise-convolution.js';
import { declare, defineOp, leading, type Op } from './support.js';

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
  /*#__PURE__*/ declare('SeparableConv', 3, 'nn', convOptionNames, { defaults: convDefaults }),
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
