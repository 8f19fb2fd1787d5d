/** Tables of byte offsets: with them the loops of a product never divide, whatever the operands' dimensions. */

import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushOffset, rangeLoop, type Step } from './affine.js';
import type { EmittedKernel } from './kernel.js';

/**
 * Stores at `target` and behind it, for each index from `index` up to `end`, its offset over each of `walks`. Both locals are
 * used up. All walks have the same innermost size.
 */
export function emitOffsets(
  f: FunctionWriter,
  index: Local,
  end: Local,
  target: Local,
  walks: readonly (readonly Step[])[],
): void {
  const left = f.local('i32');
  const offsets = walks.map(() => f.local('i32'));
  const inner = walks[0]!.at(-1)?.size ?? 1;
  f.i32(0);
  f.set(left);
  rangeLoop(f, index, end, 1, () => {
    f.get(left);
    f.op(op.i32Eqz);
    f.if();
    walks.forEach((steps, i) => {
      pushOffset(f, index, steps);
      f.set(offsets[i]!);
    });
    f.i32(inner);
    f.get(index);
    f.i32(inner);
    f.op(op.i32RemU);
    f.op(op.i32Sub);
    f.set(left);
    f.end();
    walks.forEach((steps, i) => {
      f.get(target);
      f.get(offsets[i]!);
      f.memory(memoryOp.i32Store, i * 4);
      f.increment(offsets[i]!, steps.at(-1)?.stride ?? 0);
    });
    f.increment(target, walks.length * 4);
    f.increment(left, -1);
  });
  for (const local of [left, ...offsets]) f.release('i32', local);
}

/** Emits the kernel (table) that fills a table with all offsets of a walk. */
export function emitOffsetTable(module: ModuleWriter, steps: readonly Step[], count: number): EmittedKernel {
  const f = module.function('offsets', ['i32', 'i32', 'i32', 'i32'], []);
  const [index, end, , table] = [0, 1, 2, 3];
  f.i32(count);
  f.set(end!);
  emitOffsets(f, index!, end!, table!, [steps]);
  return { function: f.index, items: 1, costPerItem: count, scratchBytes: 0 };
}
