import { define } from '../engine/define.js';
import { type SeparableConvConstructor, SeparableConvolution, separableTable } from './separable-convolution.js';

class SeparableConv2DClass extends SeparableConvolution {
  static override table(): ReturnType<typeof separableTable> {
    return separableTable(2);
  }
}

/** A convolution over two spatial axes, of each channel on its own and then of the channels. */
export interface SeparableConv2D extends SeparableConv2DClass {}

/** A convolution over two spatial axes, of each channel on its own and then of the channels. */
export const SeparableConv2D: SeparableConvConstructor<SeparableConv2D> = /*#__PURE__*/ define(
  'SeparableConv2D',
  SeparableConv2DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { SeparableConv2D as SeparableConvolution2D };
