import { define } from '../engine/define.js';
import type { Table } from '../engine/table.js';
import { type ConvOptions, Convolution, type ConvSettings, convTable } from './convolution.js';

export interface Conv3DOptions extends ConvOptions<'valid' | 'same'> {}

class Conv3DClass extends Convolution {
  static override table(): Table<ConvSettings> {
    return convTable(3);
  }
}

/** A convolution over three spatial axes. */
export interface Conv3D extends Conv3DClass {}

type Parameters = [
  filters: number,
  kernelSize: number | readonly number[],
  strides?: number | readonly number[] | Conv3DOptions,
  options?: Conv3DOptions,
];

export interface Conv3DConstructor {
  /**
   * A convolution over three spatial axes.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for a cube.
   */
  new (...parameters: Parameters): Conv3D;
  /**
   * A convolution over three spatial axes.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for a cube.
   */
  (...parameters: Parameters): Conv3D;
  readonly prototype: Conv3D;
}

export const Conv3D: Conv3DConstructor = /*#__PURE__*/ define('Conv3D', Conv3DClass, { module: 'keras.layers' });

/** Keras' other name. */
export { Conv3D as Convolution3D };
