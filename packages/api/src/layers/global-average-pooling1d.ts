import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { CallOptions } from '../engine/layer.js';
import { cast, divide, expandDims, mean, sum, where } from '../ops/common.js';
import type { Reduce } from '../ops/reductions.js';
import { GlobalPooling, type GlobalPoolingConstructor } from './global-pooling.js';

class GlobalAveragePooling1DClass extends GlobalPooling {
  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  protected override dimensions(): number {
    return 1;
  }

  protected override get reduce(): Reduce {
    return mean;
  }

  override call(x: Tensor, { mask }: CallOptions): Tensor {
    if (mask === undefined || mask === null) return super.call(x);
    const visible = cast(expandDims(mask as Tensor, this.dataFormat === 'channels_last' ? 2 : 1), 'bool');
    const over = { axis: this.spatialAxes, keepdims: this.keepdims };
    return divide(sum(where(visible, x, 0), over), sum(cast(visible, x.dtype), over));
  }

  override computeMask(): undefined {
    return undefined;
  }
}

/** The mean over the steps of a sequence; masked steps do not count. */
export interface GlobalAveragePooling1D extends GlobalAveragePooling1DClass {}

/** The mean over the steps of a sequence; masked steps do not count. */
export const GlobalAveragePooling1D: GlobalPoolingConstructor<GlobalAveragePooling1D> = /*#__PURE__*/ define(
  'GlobalAveragePooling1D',
  GlobalAveragePooling1DClass,
  { module: 'keras.layers' },
);

/** Keras' other name. */
export { GlobalAveragePooling1D as GlobalAvgPool1D };
