import { define } from '../engine/define.js';
import { type DepthwiseConvConstructor, DepthwiseConvolution, depthwiseTable } from './depthwise-convolution.js';

class DepthwiseConv2DClass extends DepthwiseConvolution {
  static override table(): ReturnType<typeof depthwiseTable> {
    return depthwiseTable(2);
  }
}

/** A convolution of each channel on its own, over two spatial axes. */
export interface DepthwiseConv2D extends DepthwiseConv2DClass {}

/** A convolution of each channel on its own, over two spatial axes. */
export const DepthwiseConv2D: DepthwiseConvConstructor<DepthwiseConv2D> = /*#__PURE__*/ define(
  'DepthwiseConv2D',
  DepthwiseConv2DClass,
  { module: 'keras.layers' },
);
