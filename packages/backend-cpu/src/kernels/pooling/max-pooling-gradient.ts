/**
 * The gradient of max pooling, channels last. Which element of each window is the greatest is found once and kept for as many rows
 * of windows as share elements; every element then gathers from the windows around it, in their order. A late part; the loops it
 * replaces give the same bits.
 */

import { type KernelDefinition, type OpQuery, reducerKind } from '@ceratops/kernel-registry';
import { comparatorDirection } from '@ceratops/kernel-registry/regions';
import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushAtMost, pushScaled, rangeLoop } from '../affine.js';
import type { EmittedKernel } from '../kernel.js';
import { phasesOf, segmentsOf } from '../spatial.js';
import { emitChoices } from './choose-elements.js';
import { windowsKernel } from './definition.js';
import { type Around, emitGather } from './gather-cotangents.js';
import { sharedRows, type Work } from './gradient-work.js';
import { pushRingRow, type Ring, ringBytes, setRing } from './ring.js';
import { type Axis, bandOf, overlaps, pushAtLeast, rowBytes, type Windows, windowsOf } from './windows.js';

function gradientOf(query: OpQuery<'select_and_scatter'>): Windows | undefined {
  const { operands, attributes } = query;
  const greatest = comparatorDirection(attributes.select) === 'GE' && reducerKind(attributes.scatter) === 'add';
  const inside = attributes.padding.every(([low]) => low >= 0);
  const windows = greatest && inside ? windowsOf(query, operands[1]!.shape) : undefined;
  // Loops write each element of windows that share none as they find the greatest.
  return windows !== undefined && (overlaps(windows.rows) || overlaps(windows.columns)) ? windows : undefined;
}

export const maxPoolingGradientKernel: KernelDefinition<'cpu', 'select_and_scatter'> = windowsKernel(
  'select_and_scatter',
  'max pooling gradient',
  gradientOf,
  emitGradient,
);

/** Emits the kernel (image, cotangent, initial value, result); an item is some rows of windows of a sample and the rows they begin in. */
function emitGradient(module: ModuleWriter, windows: Windows): EmittedKernel {
  const f = module.function('maxPoolingGradient', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, imageBase, cotangentBase, initialAt, resultBase] = [0, 1, 2, 3, 4, 5, 6];
  const { samples, channels, rows, columns } = windows;
  const local = (): Local => f.local('i32');
  const shared = sharedRows(rows);
  const ring: Ring = { start: local(), end: local(), rows: shared + 1, rowBytes: rowBytes(columns.output, channels) };
  const work: Work = {
    f,
    windows,
    initial: f.local('v128'),
    image: local(),
    cotangent: local(),
    result: local(),
    ring,
  };
  const bandRows = bandOf(windows, shared);
  const itemsPerSample = Math.ceil(rows.output / bandRows);
  const [sample, first, next, row, rowEnd] = [local(), local(), local(), local(), local()];
  f.get(initialAt!);
  f.memory(memoryOp.v128Load32Splat);
  f.set(work.initial);
  f.get(scratch!);
  setRing(f, ring);
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    f.i32(itemsPerSample);
    f.op(op.i32DivU);
    f.set(sample);
    for (const [base, bytes, target] of [
      [imageBase!, rows.input * rowBytes(columns.input, channels), work.image],
      [cotangentBase!, rows.output * rowBytes(columns.output, channels), work.cotangent],
      [resultBase!, rows.input * rowBytes(columns.input, channels), work.result],
    ] as const) {
      f.get(base);
      f.get(sample);
      pushScaled(f, bytes);
      f.op(op.i32Add);
      f.set(target);
    }
    f.get(item!);
    f.i32(itemsPerSample);
    f.op(op.i32RemU);
    pushScaled(f, bandRows);
    f.set(first);
    pushFirstElement(f, rows, first);
    f.set(row);
    f.get(first);
    f.i32(bandRows);
    f.op(op.i32Add);
    f.set(next);
    pushFirstElement(f, rows, next);
    f.set(rowEnd);
    f.get(first);
    pushAtLeast(f, shared);
    f.i32(shared);
    f.op(op.i32Sub);
    f.set(next);
    rangeLoop(f, row, rowEnd, 1, () => emitRow(work, row, next));
  });
  return {
    function: f.index,
    items: samples * itemsPerSample,
    costPerItem: 2 * bandRows * columns.output * channels * rows.window * columns.window,
    scratchBytes: ringBytes(ring),
  };
}

/** Pushes the first row of elements that only windows from row `window` on begin in; the image's end where there are none. */
function pushFirstElement(f: FunctionWriter, { input, output, stride, low }: Axis, window: Local): void {
  f.i32(input);
  f.get(window);
  pushScaled(f, stride);
  pushAtLeast(f, low);
  pushAtMost(f, -low, input);
  f.get(window);
  f.i32(output);
  f.op(op.i32GeU);
  f.op(op.select);
}

/** A row of the result; `next` is the first row of windows whose greatest elements are not known yet. */
function emitRow(work: Work, row: Local, next: Local): void {
  const { f, windows } = work;
  const { rows, columns, channels } = windows;
  const { window, stride, low, output } = rows;
  const pixel = channels * 4;
  const [first, end] = [f.local('i32'), f.local('i32')];
  f.get(row);
  f.i32(low);
  f.op(op.i32Add);
  f.tee(first);
  f.i32(stride);
  f.op(op.i32DivU);
  pushAtMost(f, 1, output);
  f.set(end);
  rangeLoop(f, next, end, 1, () => emitChoices(work, next));
  f.get(first);
  pushAtLeast(f, window - 1);
  f.i32(stride - window);
  f.op(op.i32Add);
  f.i32(stride);
  f.op(op.i32DivU);
  f.set(first);
  const around: Around = {
    ...{ choices: f.local('i32'), cotangent: f.local('i32'), target: f.local('i32') },
    ...{ number: f.local('v128'), first, end },
  };
  pushRingRow(f, work.ring, first);
  f.set(around.choices);
  f.get(work.cotangent);
  f.get(first);
  pushScaled(f, columns.output * pixel);
  f.op(op.i32Add);
  f.set(around.cotangent);
  f.get(work.result);
  f.get(row);
  pushScaled(f, columns.input * pixel);
  f.op(op.i32Add);
  f.set(around.target);
  f.get(row);
  f.i32(low);
  f.op(op.i32Add);
  f.get(first);
  pushScaled(f, stride);
  f.op(op.i32Sub);
  pushScaled(f, columns.window);
  f.op(op.i32x4Splat);
  f.set(around.number);
  // Seen from an element, windows are a window over the cotangent that runs backwards.
  const phases = phasesOf({
    ...{ input: columns.output, kernel: columns.window, output: columns.input, stride: 1, kernelDilation: 1 },
    ...{ low: columns.window - 1 - columns.low, inputDilation: columns.stride },
  });
  for (const phase of phases)
    for (const segment of segmentsOf(phase, columns.output)) emitGather(work, around, phase, segment);
  for (const local of [first, end, around.choices, around.cotangent, around.target]) f.release('i32', local);
  f.release('v128', around.number);
}
