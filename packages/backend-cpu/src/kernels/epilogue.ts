/** Elementwise work right after a product: on each item's rows, while they are in cache. A late part. */

import type { Epilogue } from '@ceratops/compiler';
import type { OpQuery } from '@ceratops/kernel-registry';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushAtMost, pushScaled, rangeLoop } from './affine.js';
import type { Blocking } from './blocking.js';
import type { EmittedKernel, KernelCode } from './kernel.js';

export function takesEpilogue({ op }: OpQuery): boolean {
  return op === 'dot_general' || op === 'convolution';
}

/**
 * One kernel for a product and its epilogue: `(start, end, scratch, ...addresses of the product, ...of the epilogue)`. Undefined where items
 * of the product do not end with whole rows of the result.
 */
export function emitWithEpilogue(
  module: ModuleWriter,
  { calls, description }: KernelCode,
  loops: EmittedKernel,
  { kernel, buffers, rowElements }: Epilogue,
): EmittedKernel | undefined {
  const { kernel: product, buffers: own } = calls.at(-1)!;
  if (typeof description === 'string' || !endsWithRows(description) || rowElements !== description.columns)
    return undefined;
  const { rows, itemRows } = description;
  const addresses = own.length + buffers.length;
  const f = module.function(`gemm_${kernel.name}`, new Array<'i32'>(3 + addresses).fill('i32'), []);
  const [item, end, scratch, firstAddress] = [0, 1, 2, 3] as const;
  const [batch, first, last] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const call = (callee: EmittedKernel, from: number, count: number): void => {
    f.get(scratch);
    for (let i = 0; i < count; i++) f.get(firstAddress + from + i);
    f.call(callee.function);
  };
  const rowItems = Math.ceil(rows / itemRows);
  rangeLoop(f, item, end, 1, () => {
    f.get(item);
    f.get(item);
    f.i32(1);
    f.op(op.i32Add);
    call(product, 0, own.length);
    f.get(item);
    f.i32(rowItems);
    f.op(op.i32DivU);
    pushScaled(f, rows);
    f.set(batch);
    f.get(item);
    f.i32(rowItems);
    f.op(op.i32RemU);
    pushScaled(f, itemRows);
    f.tee(first);
    pushAtMost(f, itemRows, rows);
    f.get(batch);
    f.op(op.i32Add);
    f.set(last);
    f.get(first);
    f.get(batch);
    f.op(op.i32Add);
    f.get(last);
    call(loops, own.length, buffers.length);
  });
  return {
    function: f.index,
    items: product.items,
    costPerItem: product.costPerItem + itemRows * loops.costPerItem,
    scratchBytes: Math.max(product.scratchBytes, loops.scratchBytes),
  };
}

/** Whether an item of the product has all columns of its rows, and the result is these rows one after the other. */
function endsWithRows({ contraction, itemPanels, panels }: Blocking): boolean {
  const { batch, m, n, cOffset } = contraction;
  if (itemPanels < panels || cOffset !== 0) return false;
  let stride = 1;
  return [...batch, ...m, ...n].reverse().every(({ size, c }) => {
    const fits = c === stride;
    stride *= size;
    return fits;
  });
}
