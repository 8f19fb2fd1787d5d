import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushAtMost } from './affine.js';
import type { EmittedKernel } from './kernel.js';

const bytesPerItem = 1 << 16;

/** Emits the kernel (buffer) that sets `bytes` bytes to 0. */
export function emitFill(module: ModuleWriter, bytes: number): EmittedKernel {
  const f = module.function('fill', ['i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , buffer] = [0, 1, 2, 3];
  const from = f.local('i32');
  f.get(item!);
  f.i32(bytesPerItem);
  f.op(op.i32Mul);
  f.tee(from);
  f.get(buffer!);
  f.op(op.i32Add);
  f.i32(0);
  f.get(end!);
  f.i32(bytesPerItem);
  f.op(op.i32Mul);
  pushAtMost(f, 0, bytes);
  f.get(from);
  f.op(op.i32Sub);
  f.memoryFill();
  return { function: f.index, items: Math.ceil(bytes / bytesPerItem), costPerItem: bytesPerItem / 32, scratchBytes: 0 };
}
