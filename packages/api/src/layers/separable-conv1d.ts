import { define } from '../engine/define.js';
import { type SeparableConvConstructor, SeparableConvolution, separableTable } from './separable-convolution.js';

class SeparableConv1DClass extends SeparableConvolution {
  static override table(): ReturnType<typeof separableTable> {
    return separableTable(1);
  }
}

/** A convolution over one spatial axis, of each channel on its own and then of the channels. */
export interface SeparableConv1D extends SeparableConv1DClass {}

/** A convolution over one spatial axis, of each channel on its own and then of the channels. */
export const SeparableConv1D: SeparableConvConstructor<SeparableConv1D> = /*#__PURE__*/ define(
  'SeparableConv1D',
  SeparableConv1DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { SeparableConv1D as SeparableConvolution1D };
