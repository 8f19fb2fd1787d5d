/** Windows over the rows and columns of images, channels last. */

import { type OpQuery, type Shape, sizeOf } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';
import { countedLoop, pushScaled } from '../affine.js';

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
