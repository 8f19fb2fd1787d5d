import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { Table } from '../engine/table.js';
import { pad } from '../ops/padding.js';
import { type ConvOptions, Convolution, type ConvSettings, convTable } from './convolution.js';

export interface Conv1DOptions extends ConvOptions {}

class Conv1DClass extends Convolution {
  static override table(): Table<ConvSettings> {
    return convTable(1);
  }

  override call(x: Tensor): Tensor {
    return super.call(this.padding === 'causal' ? this.#padBefore(x) : x);
  }

  #padBefore(x: Tensor): Tensor {
    const before = this.dilationRate[0]! * (this.kernelSize[0]! - 1);
    const widths = [0, 0, 0].map((_, axis) => [axis === (this.dataFormat === 'channels_last' ? 1 : 2) ? before : 0, 0]);
    return pad(x, widths);
  }
}

/** A convolution over one spatial axis. */
export interface Conv1D extends Conv1DClass {}

export interface Conv1DConstructor {
  /**
   * A convolution over one spatial axis; `padding: 'causal'` looks backwards only.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window.
   */
  new (
    filters: number,
    kernelSize: number | readonly number[],
    strides?: number | readonly number[] | Conv1DOptions,
    options?: Conv1DOptions,
  ): Conv1D;
  /**
   * A convolution over one spatial axis; `padding: 'causal'` looks backwards only.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window.
   */
  (
    filters: number,
    kernelSize: number | readonly number[],
    strides?: number | readonly number[] | Conv1DOptions,
    options?: Conv1DOptions,
  ): Conv1D;
  readonly prototype: Conv1D;
}

export const Conv1D: Conv1DConstructor = /*#__PURE__*/ define('Conv1D', Conv1DClass, { module: 'keras.layers' });

/** Keras' other name. */
export { Conv1D as Convolution1D };
