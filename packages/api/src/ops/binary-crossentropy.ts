import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { softplusOf } from './activation-functions.js';
import { type Crossentropy, clipProbability } from './crossentropy.js';
import { sameShapes } from './same-shapes.js';
import { castTo, declare, defineOp, literal, type Op, toFloat } from './support.js';

export interface BinaryCrossentropyOptions {
  /** Whether the output is a score rather than a probability. */
  readonly fromLogits?: boolean | undefined;
}

/** -(t · log(p) + (1 - t) · log(1 - p)), element by element. */
export const binaryCrossentropy: Op<Crossentropy<BinaryCrossentropyOptions>> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('BinaryCrossentropy', 2, 'nn', ['fromLogits'], { defaults: { from_logits: false } }),
  (target: TensorLike, output: TensorLike, { fromLogits = false }: BinaryCrossentropyOptions = {}): Tensor => {
    const scores = toFloat(output);
    const truth = castTo(asTensor(target), scores.dtype);
    sameShapes('binaryCrossentropy', truth, scores);
    const one = literal(scores, 1);
    const rest = prim.subtract(one, truth);
    if (fromLogits) {
      return prim.add(prim.multiply(truth, softplusOf(prim.negate(scores))), prim.multiply(rest, softplusOf(scores)));
    }
    const p = clipProbability(scores);
    const likelihood = prim.add(
      prim.multiply(truth, prim.log(p)),
      prim.multiply(rest, prim.log(prim.subtract(one, p))),
    );
    return prim.negate(likelihood);
  },
);
