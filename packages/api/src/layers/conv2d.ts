import { define } from '../engine/define.js';
import type { Table } from '../engine/table.js';
import { type ConvOptions, Convolution, type ConvSettings, convTable } from './convolution.js';

export interface Conv2DOptions extends ConvOptions<'valid' | 'same'> {}

class Conv2DClass extends Convolution {
  static override table(): Table<ConvSettings> {
    return convTable(2);
  }
}

/** A convolution over two spatial axes. */
export interface Conv2D extends Conv2DClass {}

export interface Conv2DConstructor {
  /**
   * A convolution over two spatial axes.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for a square.
   */
  new (
    filters: number,
    kernelSize: number | readonly number[],
    strides?: number | readonly number[] | Conv2DOptions,
    options?: Conv2DOptions,
  ): Conv2D;
  /**
   * A convolution over two spatial axes.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for a square.
   */
  (
    filters: number,
    kernelSize: number | readonly number[],
    strides?: number | readonly number[] | Conv2DOptions,
    options?: Conv2DOptions,
  ): Conv2D;
  readonly prototype: Conv2D;
}

export const Conv2D: Conv2DConstructor = /*#__PURE__*/ define('Conv2D', Conv2DClass, { module: 'keras.layers' });

/** Keras' other name. */
export { Conv2D as Convolution2D };
