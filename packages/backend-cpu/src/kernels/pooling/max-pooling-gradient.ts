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
import { type Phase, phasesOf, type Segment, segmentsOf } from '../spatial.js';
import { windowsKernel } from './definition.js';
import {
  type Axis,
  bandOf,
  channelBlocks,
  emitWrap,
  overlaps,
  overSegment,
  plainPhase,
  pushAtLeast,
  pushPixel,
  rowBytes,
  setInside,
  type Windows,
  windowsOf,
} from './windows.js';

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

/** Rows of windows before the first of an item that share elements with it. */
function sharedRows({ window, stride }: Axis): number {
  return Math.floor((window - 1) / stride);
}

interface Work {
  readonly f: FunctionWriter;
  readonly windows: Windows;
  /** Of every element before anything is added. */
  readonly initial: Local;
  /** Addresses of the sample in the image, in the cotangent, in the result. */
  readonly image: Local;
  readonly cotangent: Local;
  readonly result: Local;
  /** Memory for the chosen elements' numbers: a ring of rows of windows, up to `ringEnd`. */
  readonly ring: Local;
  readonly ringEnd: Local;
}

/** Emits the kernel (image, cotangent, initial value, result); an item is some rows of windows of a sample and the rows they begin in. */
function emitGradient(module: ModuleWriter, windows: Windows): EmittedKernel {
  const f = module.function('maxPoolingGradient', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, imageBase, cotangentBase, initialAt, resultBase] = [0, 1, 2, 3, 4, 5, 6];
  const { samples, channels, rows, columns } = windows;
  const local = (): Local => f.local('i32');
  const work: Work = {
    ...{ f, windows, initial: f.local('v128'), image: local(), cotangent: local(), result: local() },
    ...{ ring: scratch!, ringEnd: local() },
  };
  const shared = sharedRows(rows);
  const bandRows = bandOf(windows, shared);
  const itemsPerSample = Math.ceil(rows.output / bandRows);
  const ringBytes = (shared + 1) * rowBytes(columns.output, channels);
  const [sample, first, next, row, rowEnd] = [local(), local(), local(), local(), local()];
  f.get(initialAt!);
  f.memory(memoryOp.v128Load32Splat);
  f.set(work.initial);
  f.get(scratch!);
  f.i32(ringBytes);
  f.op(op.i32Add);
  f.set(work.ringEnd);
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
    scratchBytes: ringBytes,
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
  pushRingRow(work, first);
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

/** Pushes the address of a row of windows in the ring. */
function pushRingRow({ f, windows, ring }: Work, row: Local): void {
  f.get(ring);
  f.get(row);
  f.i32(sharedRows(windows.rows) + 1);
  f.op(op.i32RemU);
  pushScaled(f, rowBytes(windows.columns.output, windows.channels));
  f.op(op.i32Add);
}

/** Writes the numbers, in row-major order, of the elements that a row of windows chooses into the ring. */
function emitChoices(work: Work, window: Local): void {
  const { f, windows, image } = work;
  const { rows, columns, channels } = windows;
  const pixel = channels * 4;
  const [firstRow, rowEnd, from, to] = Array.from({ length: 4 }, () => f.local('i32')) as [Local, Local, Local, Local];
  const number = f.local('v128');
  setInside(f, rows, window, firstRow, rowEnd);
  f.get(image);
  f.get(firstRow);
  pushScaled(f, columns.input * pixel);
  f.op(op.i32Add);
  f.set(from);
  pushRingRow(work, window);
  f.set(to);
  f.get(firstRow);
  f.i32(rows.low);
  f.op(op.i32Add);
  f.get(window);
  pushScaled(f, rows.stride);
  f.op(op.i32Sub);
  pushScaled(f, columns.window);
  f.op(op.i32x4Splat);
  f.set(number);
  const [at, source, target] = [f.local('i32'), f.local('i32'), f.local('i32')];
  for (const segment of segmentsOf(plainPhase(columns), columns.input))
    overSegment(f, segment, at, () => {
      pushPixel(f, from, at, columns.stride * pixel, (segment.firstTap - columns.low) * pixel);
      f.set(source);
      pushPixel(f, to, at, pixel, 0);
      f.set(target);
      channelBlocks(f, channels, (vectors) => {
        emitChoice(work, { source, target, number, firstRow, rowEnd }, segment, vectors);
        f.increment(source, vectors * 16);
        f.increment(target, vectors * 16);
      });
    });
  for (const local of [firstRow, rowEnd, from, to, at, source, target]) f.release('i32', local);
  f.release('v128', number);
}

interface Choice {
  /** Addresses of the first element inside, and of where the number goes. */
  readonly source: Local;
  readonly target: Local;
  /** That of column 0 in the first row inside. */
  readonly number: Local;
  readonly firstRow: Local;
  readonly rowEnd: Local;
}

/** An element is kept while it is at least the next one: what starts as no number keeps nothing. */
function emitChoice({ f, windows }: Work, choice: Choice, { firstTap, endTap }: Segment, vectors: number): void {
  const { columns, channels } = windows;
  const [row, source] = [f.local('i32'), f.local('i32')];
  const [number, current, value] = [f.local('v128'), f.local('v128'), f.local('v128')];
  const greatest = Array.from({ length: vectors }, () => f.local('v128'));
  const chosen = greatest.map(() => f.local('v128'));
  for (const [locals, start] of [
    [greatest, f.constant('f32x4', Number.NaN)],
    [chosen, f.constant('i32x4', -1)],
    [[number], choice.number],
  ] as const)
    for (const local of locals) {
      f.get(start);
      f.set(local);
    }
  f.get(choice.source);
  f.set(source);
  f.get(choice.firstRow);
  f.set(row);
  rangeLoop(f, row, choice.rowEnd, 1, () => {
    for (let tap = firstTap; tap < endTap; tap++) {
      pushNumber(f, number, tap);
      f.set(current);
      greatest.forEach((best, v) => {
        f.get(chosen[v]!);
        f.get(current);
        f.get(best);
        f.get(source);
        f.memory(memoryOp.v128Load, (tap - firstTap) * channels * 4 + v * 16);
        f.tee(value);
        f.op(op.f32x4Ge);
        f.op(op.v128Andnot);
        f.op(op.i32x4MaxS);
        f.set(chosen[v]!);
        f.get(value);
        f.get(best);
        f.op(op.f32x4Pmax);
        f.set(best);
      });
    }
    f.increment(source, rowBytes(columns.input, channels));
    moveNumber(f, number, columns.window);
  });
  chosen.forEach((local, v) => {
    f.get(choice.target);
    f.get(local);
    f.memory(memoryOp.v128Store, v * 16);
  });
  for (const local of [row, source]) f.release('i32', local);
  for (const local of [number, current, value, ...greatest, ...chosen]) f.release('v128', local);
}

/** Pushes a row's number plus a column. */
function pushNumber(f: FunctionWriter, row: Local, column: number): void {
  f.get(row);
  if (column === 0) return;
  f.get(f.constant('i32x4', column));
  f.op(op.i32x4Add);
}

function moveNumber(f: FunctionWriter, number: Local, by: number): void {
  f.get(number);
  f.get(f.constant('i32x4', by));
  f.op(op.i32x4Add);
  f.set(number);
}

/** What surrounds a row of elements: addresses of the first row of windows in the ring and the cotangent, of the row in the result. */
interface Around {
  readonly choices: Local;
  readonly cotangent: Local;
  readonly target: Local;
  /** The row's number in the first window, at column 0. */
  readonly number: Local;
  /** Rows of windows. */
  readonly first: Local;
  readonly end: Local;
}

/** The elements of a phase and segment. */
function emitGather(work: Work, around: Around, phase: Phase, segment: Segment): void {
  const { f, windows } = work;
  const pixel = windows.channels * 4;
  const [at, choices, cotangent, target] = Array.from({ length: 4 }, () => f.local('i32')) as [
    Local,
    Local,
    Local,
    Local,
  ];
  overSegment(f, segment, at, () => {
    const offset = (phase.at + segment.firstTap * phase.dilation) * pixel;
    pushPixel(f, around.choices, at, phase.stride * pixel, offset);
    f.set(choices);
    pushPixel(f, around.cotangent, at, phase.stride * pixel, offset);
    f.set(cotangent);
    pushPixel(f, around.target, at, phase.step * pixel, phase.first * pixel);
    f.set(target);
    channelBlocks(f, windows.channels, (vectors) => {
      const gathered = Array.from({ length: vectors }, () => f.local('v128'));
      for (const local of gathered) {
        f.get(work.initial);
        f.set(local);
      }
      if (segment.endTap > segment.firstTap)
        emitSums(work, { ...around, choices, cotangent }, phase, segment, gathered);
      gathered.forEach((local, v) => {
        f.get(target);
        f.get(local);
        f.memory(memoryOp.v128Store, v * 16);
        f.release('v128', local);
      });
      for (const local of [choices, cotangent, target]) f.increment(local, vectors * 16);
    });
  });
  for (const local of [at, choices, cotangent, target]) f.release('i32', local);
}

/** Adds the cotangents of the windows that chose the element. */
function emitSums(
  { f, windows, ringEnd }: Work,
  around: Around,
  phase: Phase,
  { firstTap, endTap }: Segment,
  gathered: readonly Local[],
): void {
  const { rows, columns, channels } = windows;
  const bytes = rowBytes(columns.output, channels);
  const [row, choices, cotangent] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [number, current] = [f.local('v128'), f.local('v128')];
  for (const [from, to] of [
    [around.first, row],
    [around.choices, choices],
    [around.cotangent, cotangent],
    [around.number, number],
  ] as const) {
    f.get(from);
    f.set(to);
  }
  rangeLoop(f, row, around.end, 1, () => {
    for (let tap = firstTap; tap < endTap; tap++) {
      pushNumber(f, number, columns.window - 1 - (phase.tap + phase.tapStep * tap));
      f.set(current);
      const offset = (tap - firstTap) * phase.dilation * channels * 4;
      gathered.forEach((sum, v) => {
        f.get(sum);
        f.get(cotangent);
        f.memory(memoryOp.v128Load, offset + v * 16);
        f.op(op.f32x4Add);
        f.get(sum);
        f.get(current);
        f.get(choices);
        f.memory(memoryOp.v128Load, offset + v * 16);
        f.op(op.i32x4Eq);
        f.op(op.v128Bitselect);
        f.set(sum);
      });
    }
    f.increment(cotangent, bytes);
    f.increment(choices, bytes);
    emitWrap(f, choices, ringEnd, (sharedRows(rows) + 1) * bytes);
    moveNumber(f, number, -rows.stride * columns.window);
  });
  for (const local of [row, choices, cotangent]) f.release('i32', local);
  for (const local of [number, current]) f.release('v128', local);
}
