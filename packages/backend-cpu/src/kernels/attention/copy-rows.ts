import type { FunctionIndex } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import type { Rows } from './shape.js';

/** Bytes of a row of whole vectors. */
export function pitchOf({ width }: Rows): number {
  return Math.ceil(width / 4) * 16;
}

/** Emits `copyRows(target, source, count)`: rows without gaps, whole vectors each. */
export function emitCopyRows(module: ModuleWriter, rows: Rows): FunctionIndex {
  const f = module.function('copyRows', ['i32', 'i32', 'i32'], []);
  const [target, source, end] = [0, 1, 2];
  const pitch = pitchOf(rows);
  f.get(target);
  f.get(end);
  pushScaled(f, pitch);
  f.op(op.i32Add);
  f.set(end);
  rangeLoop(f, target, end, pitch, () => {
    for (let at = 0; at < pitch; at += 16) {
      f.get(target);
      f.get(source);
      f.memory(memoryOp.v128Load, at);
      f.memory(memoryOp.v128Store, at);
    }
    f.increment(source, rows.stride);
  });
  return f.index;
}

/** Emits `zeroRows(target, count)`. */
export function emitZeroRows(module: ModuleWriter, { width, stride }: Rows): FunctionIndex {
  const f = module.function('zeroRows', ['i32', 'i32'], []);
  const [target, end] = [0, 1];
  f.get(target);
  f.get(end);
  pushScaled(f, stride);
  f.op(op.i32Add);
  f.set(end);
  rangeLoop(f, target, end, stride, () => {
    f.get(target);
    f.i32(0);
    f.i32(width * 4);
    f.memoryFill();
  });
  return f.index;
}
