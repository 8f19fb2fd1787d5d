import type { Tensor, TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import {
  type Conv,
  type ConvOptions,
  convDefaults,
  convGeometry,
  convOperands,
  convOptionNames,
  convolve,
} from './convolution.js';
import { declare, defineOp, leading, type Op } from './support.js';

/** Every input channel convolved on its own, with as many kernels as the kernel's last axis says. */
export const depthwiseConv: Op<Conv> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('DepthwiseConv', 2, 'nn', convOptionNames, { defaults: convDefaults }),
  (
    inputs: TensorLike,
    kernel: TensorLike,
    first?: number | readonly number[] | ConvOptions,
    rest?: ConvOptions,
  ): Tensor => {
    const { x, w } = convOperands(inputs, kernel);
    const sizes = w.shape.slice(0, -2);
    const geometry = convGeometry(x, sizes, leading<ConvOptions>('strides', first, rest));
    const flat = prim.reshape(w, [...sizes, 1, w.shape.at(-2)! * w.shape.at(-1)!]);
    return convolve(x, flat, { ...geometry, groups: geometry.channels });
  },
);
