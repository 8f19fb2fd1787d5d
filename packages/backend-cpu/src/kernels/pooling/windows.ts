/** Windows over the rows and columns of images, channels last. */

import { type OpQuery, type Shape, sizeOf } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';
import { countedLoop, pushScaled, rangeLoop } from '../affine.js';
import type { Phase, Segment } from '../spatial.js';

export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly window: number;
  readonly stride: number;
  readonly low: number;
}

export interface Windows {
  readonly samples: number;
  readonly channels: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** Undefined for what is not windows of rows and columns of float32 with a multiple of four channels. */
export function windowsOf(
  { operands, attributes }: OpQuery<'reduce_window' | 'select_and_scatter'>,
  output: Shape,
): Windows | undefined {
  const { windowDimensions, windowStrides, padding } = attributes;
  const { shape, dtype } = operands[0]!;
  const axis = (d: number): Axis => ({
    ...{ input: shape[d]!, output: output[d]!, window: windowDimensions[d]! },
    ...{ stride: windowStrides[d]!, low: padding[d]![0] },
  });
  const isWhole = (d: number): boolean => windowDimensions[d] === 1 && output[d] === shape[d] && padding[d]![0] === 0;
  const fits =
    dtype === 'float32' &&
    shape.length === 4 &&
    shape[3]! % 4 === 0 &&
    sizeOf(shape) * sizeOf(output) > 0 &&
    [0, 3].every(isWhole);
  return fits ? { samples: shape[0]!, channels: shape[3]!, rows: axis(1), columns: axis(2) } : undefined;
}

/** Whether windows share elements along an axis. */
export function overlaps({ window, stride }: Axis): boolean {
  return stride < window;
}

/** Sets which elements of the window at `output` are inside the image. */
export function setInside(f: FunctionWriter, axis: Axis, output: Local, first: Local, end: Local): void {
  const setBounded = (offset: number, target: Local): void => {
    f.get(output);
    pushScaled(f, axis.stride);
    f.i32(offset);
    f.op(op.i32Add);
    f.set(target);
    for (const [bound, compare] of [
      [0, op.i32GtS],
      [axis.input, op.i32LtS],
    ] as const) {
      f.get(target);
      f.i32(bound);
      f.get(target);
      f.i32(bound);
      f.op(compare);
      f.op(op.select);
      f.set(target);
    }
  };
  setBounded(-axis.low, first);
  setBounded(axis.window - axis.low, end);
}

/** Vectors of channels that are worked on at once: their instructions do not wait for each other. */
const vectorsAtOnce = 4;

/** All vectors of channels, some at once: `body` gets how many, and moves the pointers on. */
export function channelBlocks(f: FunctionWriter, channels: number, body: (vectors: number) => void): void {
  const vectors = channels / 4;
  const blocks = Math.floor(vectors / vectorsAtOnce);
  if (blocks > 0) countedLoop(f, blocks, () => body(vectorsAtOnce));
  if (vectors % vectorsAtOnce > 0) body(vectors % vectorsAtOnce);
}

const wantedItems = 16;

/** How many rows of windows an item has, if each computes `shared` rows of its neighbour's again. */
export function bandOf({ samples, rows }: Windows, shared: number): number {
  return Math.max(Math.ceil(rows.output / Math.ceil(wantedItems / samples)), Math.min(4 * shared, rows.output));
}

/** Of a row of pixels. */
export function rowBytes(columns: number, channels: number): number {
  return columns * channels * 4;
}

/** Replaces the value on the stack by `least` where it is smaller. */
export function pushAtLeast(f: FunctionWriter, least: number): void {
  const value = f.local('i32');
  f.tee(value);
  f.i32(least);
  f.get(value);
  f.i32(least);
  f.op(op.i32GtU);
  f.op(op.select);
  f.release('i32', value);
}

/** A loop over the outputs of a segment. */
export function overSegment(f: FunctionWriter, { from, to }: Segment, at: Local, body: () => void): void {
  const limit = f.local('i32');
  f.i32(from);
  f.set(at);
  f.i32(to);
  f.set(limit);
  rangeLoop(f, at, limit, 1, body);
  f.release('i32', limit);
}

/** Pushes base + at · scale + offset. */
export function pushPixel(f: FunctionWriter, base: Local, at: Local, scale: number, offset: number): void {
  f.get(base);
  f.get(at);
  pushScaled(f, scale);
  f.op(op.i32Add);
  f.i32(offset);
  f.op(op.i32Add);
}

/** The windows along an axis as they are, without phases. */
export function plainPhase({ output, low, stride, window }: Axis): Phase {
  return { first: 0, step: 1, count: output, tap: 0, tapStep: 1, taps: window, at: -low, stride, dilation: 1 };
}
