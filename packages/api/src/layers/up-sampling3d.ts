import { define } from '../engine/define.js';
import { UpSampling, type UpSamplingOptions, upSamplingTable } from './up-sampling.js';

export interface UpSampling3DOptions extends UpSamplingOptions {
  readonly size?: number | readonly number[] | undefined;
}

class UpSampling3DClass extends UpSampling {
  static override table(): ReturnType<typeof upSamplingTable> {
    return upSamplingTable(3);
  }
}

/** Makes a volume a whole number of times as large. */
export interface UpSampling3D extends UpSampling3DClass {}

export interface UpSampling3DConstructor {
  /** Each element of a volume again and again. @param size how many times, 2 by default; one number for all axes. */
  new (size?: number | readonly number[] | UpSampling3DOptions, options?: UpSampling3DOptions): UpSampling3D;
  /** Each element of a volume again and again. @param size how many times, 2 by default; one number for all axes. */
  (size?: number | readonly number[] | UpSampling3DOptions, options?: UpSampling3DOptions): UpSampling3D;
  readonly prototype: UpSampling3D;
}

export const UpSampling3D: UpSampling3DConstructor = /*#__PURE__*/ define('UpSampling3D', UpSampling3DClass, {
  module: 'keras.layers',
});
