import { define } from '../engine/define.js';
import { type DepthwiseConvConstructor, DepthwiseConvolution, depthwiseTable } from './depthwise-convolution.js';

class DepthwiseConv1DClass extends DepthwiseConvolution {
  static override table(): ReturnType<typeof depthwiseTable> {
    return depthwiseTable(1);
  }
}

/** A convolution of each channel on its own, over one spatial axis. */
export interface DepthwiseConv1D extends DepthwiseConv1DClass {}

/** A convolution of each channel on its own, over one spatial axis. */
export const DepthwiseConv1D: DepthwiseConvConstructor<DepthwiseConv1D> = /*#__PURE__*/ define(
  'DepthwiseConv1D',
  DepthwiseConv1DClass,
  { module: 'keras.layers' },
);
