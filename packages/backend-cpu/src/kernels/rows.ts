/** Kernels of a run of rows as one: a few rows go through all of them while they are in cache. A late part. */

import type { BufferIndex, LoopKernel, RowsStep } from '@ceratops/compiler';
import { dtypes } from '@ceratops/kernel-registry';
import { alignment } from '../memory/allocator.js';
import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import { whileLoop } from './affine.js';
import type { EmittedKernel, KernelTarget } from './kernel.js';
import { pushLesser } from './lesser.js';

/** What the rows taken at a time have in all buffers: half of a usual first-level cache. */
const bytesAtOnce = 16 * 1024;

export interface RowsKernel extends EmittedKernel {
  /** What it is called with. */
  readonly buffers: readonly BufferIndex[];
}

/** One kernel for all of a step. */
export function emitRows(
  target: KernelTarget,
  step: RowsStep,
  emitLoops: (kernel: LoopKernel) => EmittedKernel,
): RowsKernel {
  const loops = step.kernels.map(({ kernel }) => emitLoops(kernel));
  const buffers = [...new Set(step.kernels.flatMap((kernel) => kernel.buffers.filter(isOfPlan)))];
  const positions = step.kernels.map((kernel) =>
    kernel.buffers.map((buffer) => (isOfPlan(buffer) ? buffers.indexOf(buffer) : buffers.length + buffer.local)),
  );
  const rows = Math.max(1, Math.floor(bytesAtOnce / rowBytes(step)));
  const functions = loops.map((kernel) => kernel.function);
  const key = `rows ${functions} ${positions.join(';')} ${buffers.length} ${step.locals} ${rows}`;
  const kernel = target.shared(key, () => emit(target, step, loops, { positions, rows, ofPlan: buffers.length }));
  return { ...kernel, buffers };
}

function isOfPlan(buffer: BufferIndex | { readonly local: number }): buffer is BufferIndex {
  return typeof buffer === 'number';
}

/** Of one row in all buffers, those that have none counted as a row too. */
function rowBytes({ kernels, locals }: RowsStep): number {
  const sizes = new Map<BufferIndex, number>();
  for (const { kernel, buffers } of kernels)
    buffers.forEach((buffer, i) => {
      const { dtype, elements } = kernel.parameters[i]!;
      if (isOfPlan(buffer)) sizes.set(buffer, (elements * dtypes[dtype].bytes) / kernel.items);
    });
  return [...sizes.values(), ...locals].reduce((sum, bytes) => sum + bytes, 0);
}

interface Layout {
  /** Of each kernel's parameters among the addresses of the plan's buffers and then of the locals. */
  readonly positions: readonly (readonly number[])[];
  readonly ofPlan: number;
  /** At a time. */
  readonly rows: number;
}

/** `(start, end, scratch, ...addresses)`; a local lies in the scratch, as far in front as the rows before would take. */
function emit(
  { module }: KernelTarget,
  { kernels, locals }: RowsStep,
  loops: readonly EmittedKernel[],
  { positions, rows, ofPlan }: Layout,
): EmittedKernel {
  const f = module.function(nameOf(kernels), new Array<'i32'>(3 + ofPlan).fill('i32'), []);
  const [row, end, scratch, firstAddress] = [0, 1, 2, 3] as const;
  const last = f.local('i32');
  let scratchBytes = Math.max(0, ...loops.map((kernel) => kernel.scratchBytes));
  const own = locals.map((bytes) => {
    const offset = Math.ceil(scratchBytes / alignment) * alignment;
    scratchBytes = offset + bytes * rows;
    return { offset, bytes, address: f.local('i32') };
  });
  const addresses: Local[] = [
    ...Array.from({ length: ofPlan }, (_, i) => firstAddress + i),
    ...own.map((l) => l.address),
  ];
  const isLeft = (): void => {
    f.get(row);
    f.get(end);
    f.op(op.i32LtU);
  };
  whileLoop(f, isLeft, () => {
    f.get(row);
    f.i32(rows);
    f.op(op.i32Add);
    f.set(last);
    pushLesser(f, last, end);
    f.set(last);
    for (const { offset, bytes, address } of own) {
      f.get(scratch);
      f.i32(offset);
      f.op(op.i32Add);
      f.get(row);
      f.i32(bytes);
      f.op(op.i32Mul);
      f.op(op.i32Sub);
      f.set(address);
    }
    loops.forEach((kernel, i) => {
      for (const local of [row, last, scratch]) f.get(local);
      for (const position of positions[i]!) f.get(addresses[position]!);
      f.call(kernel.function);
    });
    f.get(last);
    f.set(row);
  });
  return {
    function: f.index,
    items: loops[0]!.items,
    costPerItem: loops.reduce((cost, kernel) => cost + kernel.costPerItem, 0),
    scratchBytes,
  };
}

/** The last kernel, and how many go before it. */
export function nameOf(kernels: RowsStep['kernels']): string {
  return `rows_${kernels.at(-1)!.kernel.name}_after_${kernels.length - 1}`;
}
