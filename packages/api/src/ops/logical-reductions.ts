/** Reductions of what is zero and what is not. */

import * as prim from '@ceratops/core/primitives';
import { truth } from './logic.js';
import { type Reduce, reduce, reduction } from './reductions.js';
import { declare, type Op } from './support.js';

/** True where any element is not zero. */
export const any: Op<Reduce> = /*#__PURE__*/ reduction('Any', (x, axes) => prim.reduceOr(truth(x), axes));
/** True where no element is zero. */
export const all: Op<Reduce> = /*#__PURE__*/ reduction('All', (x, axes) => prim.reduceAnd(truth(x), axes));
export const countNonzero: Op<Reduce> = /*#__PURE__*/ reduce(
  // Keras' has no `keepdims`.
  /*#__PURE__*/ declare('CountNonzero', 1, 'numpy', ['axis', 'keepdims'], { keywords: ['keepdims'] }),
  (x, axes) => prim.reduceSum(prim.convert(truth(x), 'int32'), axes),
);
