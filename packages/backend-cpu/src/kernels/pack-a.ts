/** A copy of a block of A, one register tile of rows after the other, each with the contracted index outermost. */

import type { FunctionIndex } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { rangeLoop } from './affine.js';
import type { Blocking } from './blocking.js';
import type { Contraction } from './contraction.js';
import { rowEntry } from './microkernel.js';

/** Whether the rows of every tile are neighbours in memory. */
function hasContiguousTiles({ m }: Contraction, { tile }: Blocking): boolean {
  const inner = m.at(-1);
  return inner?.a === 1 && (m.length === 1 || inner.size % tile.rows === 0);
}

/** Tiles lie a little further apart than they are long: whole vectors are stored. */
export function packedTileBytes({ tile, block }: Blocking): number {
  return (tile.rows * block + 4) * 4;
}

/**
 * Emits `packA(target, a, rows, rowsEnd, steps, count)`: the offsets in A of the rows are the first of each pair at `rows`, up to
 * `rowsEnd`; `steps` is the address of the contracted elements' offsets, or their first offset where they are evenly spaced.
 */
export function emitPackA(module: ModuleWriter, contraction: Contraction, blocking: Blocking): FunctionIndex {
  const f = module.function('packA', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [target, a, rows, rowsEnd, steps, count] = [0, 1, 2, 3, 4, 5];
  const [element, row, source, to] = Array.from({ length: 4 }, () => f.local('i32'));
  const { tile, table } = blocking;
  const whole = hasContiguousTiles(contraction, blocking);
  f.i32(0);
  f.set(element!);
  rangeLoop(f, element!, count!, 1, () => {
    f.get(a!);
    f.get(steps!);
    if (table) f.memory(memoryOp.i32Load);
    f.op(op.i32Add);
    f.set(source!);
    f.get(target!);
    f.set(to!);
    f.get(rows!);
    f.set(row!);
    rangeLoop(f, row!, rowsEnd!, tile.rows * rowEntry, () => {
      for (let r = 0; r < tile.rows; r += whole ? 4 : 1) {
        f.get(to!);
        f.get(source!);
        f.get(row!);
        f.memory(memoryOp.i32Load, whole ? 0 : r * rowEntry);
        f.op(op.i32Add);
        f.memory(whole ? memoryOp.v128Load : memoryOp.f32Load, whole ? r * 4 : 0);
        f.memory(whole ? memoryOp.v128Store : memoryOp.f32Store, r * 4);
      }
      f.increment(to!, packedTileBytes(blocking));
    });
    f.increment(target!, tile.rows * 4);
    f.get(steps!);
    f.i32(table ? 4 : (contraction.k.at(-1)?.a ?? 1) * 4);
    f.op(op.i32Add);
    f.set(steps!);
  });
  return f.index;
}
