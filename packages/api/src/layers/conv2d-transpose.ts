import { define } from '../engine/define.js';
import { ConvolutionTranspose, type ConvTransposeConstructor, convTransposeTable } from './convolution-transpose.js';

class Conv2DTransposeClass extends ConvolutionTranspose {
  static override table(): ReturnType<typeof convTransposeTable> {
    return convTransposeTable(2);
  }
}

/** The transpose of a convolution over two spatial axes. */
export interface Conv2DTranspose extends Conv2DTransposeClass {}

/** The transpose of a convolution over two spatial axes. */
export const Conv2DTranspose: ConvTransposeConstructor<Conv2DTranspose> = /*#__PURE__*/ define(
  'Conv2DTranspose',
  Conv2DTransposeClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { Conv2DTranspose as Convolution2DTranspose };
