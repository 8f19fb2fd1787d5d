/** Work items of a matrix times a vector, or of a batch of such. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryLaneOp from '../../wasm/memory-lane-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushAtMost, pushOffset, pushScaled, rangeLoop } from '../affine.js';
import { type Contraction, product } from '../contraction.js';
import type { EmittedKernel } from '../kernel.js';
import { stepsOf } from '../pack-b.js';

export const mostItems = 16;

/** How the indices of a result, or of each of a batch, become items. */
export interface Items {
  readonly count: number;
  readonly perItem: number;
}

/**
 * Emits `(start, end, scratch, a, b, c)`: `body` with `first` and `last` set to the indices, in units, that the items stand for, and
 * the addresses to those of the matrices and vectors. Neighbouring items are one range; those of a batch are a whole product each.
 */
export function emitRanges(
  module: ModuleWriter,
  name: string,
  contraction: Contraction,
  units: number,
  { count, perItem }: Items,
  body: (f: FunctionWriter, addresses: readonly [Local, Local, Local], first: Local, last: Local) => void,
): EmittedKernel {
  const { batch, k } = contraction;
  const f = module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , ...bases] = [0, 1, 2, 3, 4, 5] as const;
  const [first, last] = [f.local('i32'), f.local('i32')];
  const addresses = bases.map(() => f.local('i32')) as unknown as readonly [Local, Local, Local];
  const setAddresses = (): void => {
    (['a', 'b', 'c'] as const).forEach((operand, i) => {
      f.get(bases[i]!);
      f.i32(contraction[`${operand}Offset`] * 4);
      f.op(op.i32Add);
      if (batch.length > 0) {
        pushOffset(f, item, stepsOf(batch, operand));
        f.op(op.i32Add);
      }
      f.set(addresses[i]!);
    });
  };
  if (batch.length > 0) {
    rangeLoop(f, item, end, 1, () => {
      setAddresses();
      f.i32(0);
      f.set(first);
      f.i32(units);
      f.set(last);
      body(f, addresses, first, last);
    });
  } else {
    setAddresses();
    for (const [index, bound] of [
      [item, first],
      [end, last],
    ] as const) {
      f.get(index);
      pushScaled(f, perItem);
      pushAtMost(f, 0, units);
      f.set(bound);
    }
    body(f, addresses, first, last);
  }
  const work = (batch.length > 0 ? units : perItem) * product(k);
  return {
    function: f.index,
    items: batch.length > 0 ? product(batch) : count,
    costPerItem: work / 4,
    scratchBytes: 0,
  };
}

export function storeLane(f: FunctionWriter, address: Local, vector: Local, lane: number, offset: number): void {
  f.get(address);
  f.get(vector);
  f.memoryLane(memoryLaneOp.store32Lane, lane, offset);
}
