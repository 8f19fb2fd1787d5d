import type { FunctionIndex } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import { type Extra, scorePitch } from './shape.js';

/** Emits `addToBias(slopes, target, firstKey, rows, columns)`: adds a block of slopes to the bias they belong to. */
export function emitAddToBias(module: ModuleWriter, { query, key }: Extra): FunctionIndex {
  const f = module.function('addToBias', ['i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [slopes, target, firstKey, rowsEnd, columns] = [0, 1, 2, 3, 4];
  const [from, to, end] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(target);
  f.get(firstKey);
  pushScaled(f, key);
  f.op(op.i32Add);
  f.set(target);
  f.get(slopes);
  f.get(rowsEnd);
  pushScaled(f, scorePitch);
  f.op(op.i32Add);
  f.set(rowsEnd);
  rangeLoop(f, slopes, rowsEnd, scorePitch, () => {
    f.get(target);
    f.set(to);
    f.get(slopes);
    f.tee(from);
    f.get(columns);
    pushScaled(f, 4);
    f.op(op.i32Add);
    f.set(end);
    rangeLoop(f, from, end, 4, () => {
      f.get(to);
      f.get(to);
      f.memory(memoryOp.f32Load);
      f.get(from);
      f.memory(memoryOp.f32Load);
      f.op(op.f32Add);
      f.memory(memoryOp.f32Store);
      f.increment(to, key);
    });
    f.increment(target, query);
  });
  return f.index;
}
