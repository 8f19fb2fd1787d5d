/**
 * The greatest of overlapping windows, channels last: each row's horizontal maxima once, then the greatest of as many rows. A maximum
 * of floats is several instructions, one of integers in the same order is one. A late part; the loops it replaces give the same bits.
 */

import { type KernelDefinition, type OpQuery, reducerKind } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushAtMost, pushScaled, rangeLoop } from '../affine.js';
import type { EmittedKernel } from '../kernel.js';
import { segmentsOf } from '../spatial.js';
import { windowsKernel } from './definition.js';
import { nextInRing, pushRingRow, type Ring, ringBytes, setRing } from './ring.js';
import {
  bandOf,
  channelBlocks,
  overlaps,
  overSegment,
  plainPhase,
  pushPixel,
  rowBytes,
  setInside,
  type Windows,
  windowsOf,
} from './windows.js';

function poolingOf(query: OpQuery<'reduce_window'>): Windows | undefined {
  const { operands, results, attributes } = query;
  const plain =
    operands.length === 2 &&
    [...attributes.windowDilations, ...attributes.baseDilations].every((dilation) => dilation === 1) &&
    reducerKind(attributes.body) === 'maximum';
  const windows = plain ? windowsOf(query, results[0]!.shape) : undefined;
  // What does not overlap is better computed on the way to its windows than stored.
  return windows !== undefined && overlaps(windows.rows) && overlaps(windows.columns) ? windows : undefined;
}

export const maxPoolingKernel: KernelDefinition<'cpu', 'reduce_window'> = windowsKernel(
  'reduce_window',
  'max pooling',
  poolingOf,
  emitPooling,
);

interface Work {
  readonly f: FunctionWriter;
  readonly pooling: Windows;
  /** As an integer. */
  readonly initial: Local;
  /** Addresses of the sample, and of memory for a row of the image as integers. */
  readonly image: Local;
  readonly integers: Local;
  /** Rows of horizontal maxima. */
  readonly ring: Ring;
}

/** Emits the kernel (image, initial value, result); an item is some rows of a sample's result. */
function emitPooling(module: ModuleWriter, pooling: Windows): EmittedKernel {
  const f = module.function('maxPooling', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, imageBase, initialAt, resultBase] = [0, 1, 2, 3, 4, 5];
  const { samples, channels, rows, columns } = pooling;
  const local = (): Local => f.local('i32');
  const ring: Ring = { start: local(), end: local(), rows: rows.window, rowBytes: rowBytes(columns.output, channels) };
  const work: Work = { f, pooling, initial: f.local('v128'), image: local(), integers: scratch!, ring };
  const bandRows = bandOf(pooling, rows.window - rows.stride);
  const itemsPerSample = Math.ceil(rows.output / bandRows);
  const integerBytes = rowBytes(columns.input, channels);
  const [sample, row, rowEnd, next, first, behind] = [local(), local(), local(), local(), local(), local()];
  f.get(initialAt!);
  f.memory(memoryOp.v128Load32Splat);
  f.set(work.initial);
  emitInteger(f, work.initial);
  f.get(scratch!);
  f.i32(integerBytes);
  f.op(op.i32Add);
  setRing(f, ring);
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    f.i32(itemsPerSample);
    f.op(op.i32DivU);
    f.tee(sample);
    pushScaled(f, rows.input * integerBytes);
    f.get(imageBase!);
    f.op(op.i32Add);
    f.set(work.image);
    f.get(item!);
    f.i32(itemsPerSample);
    f.op(op.i32RemU);
    pushScaled(f, bandRows);
    f.tee(row);
    pushAtMost(f, bandRows, rows.output);
    f.set(rowEnd);
    setInside(f, rows, row, next, behind);
    rangeLoop(f, row, rowEnd, 1, () => {
      setInside(f, rows, row, first, behind);
      rangeLoop(f, next, behind, 1, () => emitRowMaxima(work, next));
      f.get(sample);
      pushScaled(f, rows.output);
      f.get(row);
      f.op(op.i32Add);
      pushScaled(f, ring.rowBytes);
      f.get(resultBase!);
      f.op(op.i32Add);
      emitGreatest(work, first, behind);
    });
  });
  return {
    function: f.index,
    items: samples * itemsPerSample,
    costPerItem: bandRows * columns.output * channels * (rows.window + columns.window),
    scratchBytes: integerBytes + ringBytes(ring),
  };
}

/** Turns floats into integers of the same order, in which what is no number is the greatest, without its sign. */
function emitInteger(f: FunctionWriter, value: Local): void {
  f.get(value);
  f.get(value);
  f.get(value);
  f.op(op.f32x4Ne);
  f.i32(31);
  f.op(op.i32x4Shl);
  f.op(op.v128Andnot);
  f.set(value);
  pushTurned(f, value);
  f.set(value);
}

/** Pushes the vector with all bits but the sign's turned where it is negative, its own inverse. */
function pushTurned(f: FunctionWriter, value: Local): void {
  f.get(value);
  f.get(value);
  f.i32(31);
  f.op(op.i32x4ShrS);
  f.get(f.constant('i32x4', 0x7fff_ffff));
  f.op(op.v128And);
  f.op(op.v128Xor);
}

/** Writes the horizontal maxima of a row of the image into the ring. */
function emitRowMaxima(work: Work, row: Local): void {
  const { f, pooling, integers, image, initial, ring } = work;
  const { channels, columns } = pooling;
  const pixel = channels * 4;
  const [source, target, at, to] = Array.from({ length: 4 }, () => f.local('i32')) as [Local, Local, Local, Local];
  const value = f.local('v128');
  pushPixel(f, image, row, rowBytes(columns.input, channels), 0);
  f.set(source);
  f.get(integers);
  f.set(target);
  channelBlocks(f, columns.input * channels, (vectors) => {
    for (let v = 0; v < vectors; v++) {
      f.get(source);
      f.memory(memoryOp.v128Load, v * 16);
      f.set(value);
      emitInteger(f, value);
      f.get(target);
      f.get(value);
      f.memory(memoryOp.v128Store, v * 16);
    }
    for (const local of [source, target]) f.increment(local, vectors * 16);
  });
  pushRingRow(f, ring, row);
  f.set(to);
  for (const segment of segmentsOf(plainPhase(columns), columns.input))
    overSegment(f, segment, at, () => {
      pushPixel(f, integers, at, columns.stride * pixel, (segment.firstTap - columns.low) * pixel);
      f.set(source);
      pushPixel(f, to, at, pixel, 0);
      f.set(target);
      channelBlocks(f, channels, (vectors) => {
        for (let v = 0; v < vectors; v++) {
          f.get(target);
          if (segment.endTap === segment.firstTap) f.get(initial);
          for (let tap = 0; tap < segment.endTap - segment.firstTap; tap++) {
            f.get(source);
            f.memory(memoryOp.v128Load, tap * pixel + v * 16);
            if (tap > 0) f.op(op.i32x4MaxS);
          }
          f.memory(memoryOp.v128Store, v * 16);
        }
        for (const local of [source, target]) f.increment(local, vectors * 16);
      });
    });
  for (const local of [source, target, at, to]) f.release('i32', local);
  f.release('v128', value);
}

/** Writes the greatest of the rows from `first` up to `behind`, and of the initial value, to the address on the stack. */
function emitGreatest(work: Work, first: Local, behind: Local): void {
  const { f, pooling, initial, ring } = work;
  const { channels, columns } = pooling;
  const [target, from, source, row] = Array.from({ length: 4 }, () => f.local('i32')) as [Local, Local, Local, Local];
  f.set(target);
  pushRingRow(f, ring, first);
  f.set(from);
  channelBlocks(f, columns.output * channels, (vectors) => {
    const greatest = Array.from({ length: vectors }, () => f.local('v128'));
    for (const local of greatest) {
      f.get(initial);
      f.set(local);
    }
    f.get(from);
    f.set(source);
    f.get(first);
    f.set(row);
    rangeLoop(f, row, behind, 1, () => {
      greatest.forEach((local, v) => {
        f.get(local);
        f.get(source);
        f.memory(memoryOp.v128Load, v * 16);
        f.op(op.i32x4MaxS);
        f.set(local);
      });
      nextInRing(f, ring, source);
    });
    greatest.forEach((local, v) => {
      f.get(target);
      pushTurned(f, local);
      f.memory(memoryOp.v128Store, v * 16);
      f.release('v128', local);
    });
    for (const local of [target, from]) f.increment(local, vectors * 16);
  });
  for (const local of [target, from, source, row]) f.release('i32', local);
}
