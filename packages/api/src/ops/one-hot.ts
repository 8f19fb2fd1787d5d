import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { DType } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { castTo, declare, defineOp, leading, normalizeAxis, type Op } from './support.js';

export interface OneHotOptions {
  readonly numClasses?: number | undefined;
  readonly axis?: number | undefined;
  readonly dtype?: DType | undefined;
}

function oneHotOptions(first: unknown, options: unknown): OneHotOptions {
  return leading<OneHotOptions>('numClasses', first, options as OneHotOptions);
}

/** 1 at the position of the class and 0 elsewhere, along a new axis (the last); all 0 for a class out of range. */
export const oneHot: Op<(x: TensorLike, numClasses: number | OneHotOptions, options?: OneHotOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('OneHot', 1, 'nn', ['numClasses', 'axis', 'dtype'], {
      defaults: { axis: -1, sparse: false },
      normalize: ([x, first, options]) => [x, { dtype: floatx(), ...oneHotOptions(first, options) }],
    }),
    (x: TensorLike, first: number | OneHotOptions, options?: OneHotOptions): Tensor => {
      const { numClasses = 0, axis = -1, dtype = floatx() } = oneHotOptions(first, options);
      const value = castTo(asTensor(x), 'int32');
      const at = normalizeAxis(axis, value.shape.length + 1, 'oneHot');
      const shape = [...value.shape.slice(0, at), numClasses, ...value.shape.slice(at)];
      const classes = prim.broadcastInDim(
        value,
        shape,
        value.shape.map((_, i) => (i < at ? i : i + 1)),
      );
      return castTo(prim.compare(classes, prim.iota({ dtype: 'int32', shape }, at), 'EQ'), dtype);
    },
  );
