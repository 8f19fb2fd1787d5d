import { define } from '../engine/define.js';
import { ConvolutionTranspose, type ConvTransposeConstructor, convTransposeTable } from './convolution-transpose.js';

class Conv3DTransposeClass extends ConvolutionTranspose {
  static override table(): ReturnType<typeof convTransposeTable> {
    return convTransposeTable(3);
  }
}

/** The transpose of a convolution over three spatial axes. */
export interface Conv3DTranspose extends Conv3DTransposeClass {}

/** The transpose of a convolution over three spatial axes. */
export const Conv3DTranspose: ConvTransposeConstructor<Conv3DTranspose> = /*#__PURE__*/ define(
  'Conv3DTranspose',
  Conv3DTransposeClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { Conv3DTranspose as Convolution3DTranspose };
