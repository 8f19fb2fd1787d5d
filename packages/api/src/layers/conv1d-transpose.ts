import { define } from '../engine/define.js';
import { ConvolutionTranspose, type ConvTransposeConstructor, convTransposeTable } from './convolution-transpose.js';

class Conv1DTransposeClass extends ConvolutionTranspose {
  static override table(): ReturnType<typeof convTransposeTable> {
    return convTransposeTable(1);
  }
}

/** The transpose of a convolution over one spatial axis. */
export interface Conv1DTranspose extends Conv1DTransposeClass {}

/** The transpose of a convolution over one spatial axis. */
export const Conv1DTranspose: ConvTransposeConstructor<Conv1DTranspose> = /*#__PURE__*/ define(
  'Conv1DTranspose',
  Conv1DTransposeClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { Conv1DTranspose as Convolution1DTranspose };
