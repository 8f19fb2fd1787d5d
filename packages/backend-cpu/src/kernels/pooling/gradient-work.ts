/**
 * What the parts of max pooling's gradient share: a ring of rows of windows, with the numbers, in row-major order, of the elements that
 * these choose.
 */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';
import type { Ring } from './ring.js';
import type { Axis, Windows } from './windows.js';

export interface Work {
  readonly f: FunctionWriter;
  readonly windows: Windows;
  /** Of every element before anything is added. */
  readonly initial: Local;
  /** Addresses of the sample in the image, in the cotangent, in the result. */
  readonly image: Local;
  readonly cotangent: Local;
  readonly result: Local;
  /** The chosen elements' numbers, by rows of windows. */
  readonly ring: Ring;
}

/** Rows of windows before the first of an item that share elements with it. */
export function sharedRows({ window, stride }: Axis): number {
  return Math.floor((window - 1) / stride);
}

/** Pushes a row's number plus a column. */
export function pushNumber(f: FunctionWriter, row: Local, column: number): void {
  f.get(row);
  if (column === 0) return;
  f.get(f.constant('i32x4', column));
  f.op(op.i32x4Add);
}

export function moveNumber(f: FunctionWriter, number: Local, by: number): void {
  f.get(number);
  f.get(f.constant('i32x4', by));
  f.op(op.i32x4Add);
  f.set(number);
}
