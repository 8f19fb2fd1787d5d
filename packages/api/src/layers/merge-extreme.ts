/** What Maximum and Minimum share. */

import type { Tensor } from '@ceratops/core';
import { expandDims, logicalOr, where } from '../ops/common.js';
import type { Binary } from '../ops/support.js';
import { type MaskList, Merge } from './merge.js';

export abstract class Extreme extends Merge {
  protected abstract get op(): Binary;

  /** A masked element gives way to the other one. */
  protected override merge(inputs: readonly Tensor[], masks: MaskList): Tensor {
    const visible = inputs.map((_, i) => (masks?.[i] === undefined ? undefined : expandDims(masks[i], -1)));
    let [result, seen] = [inputs[0]!, visible[0]];
    inputs.slice(1).forEach((input, i) => {
      const mask = visible[i + 1];
      const x = mask === undefined ? input : where(mask, input, result);
      const kept = seen === undefined ? result : where(seen, result, x);
      seen = mask !== undefined && seen !== undefined ? logicalOr(seen, mask) : undefined;
      result = this.op(kept, x);
    });
    return result;
  }
}
