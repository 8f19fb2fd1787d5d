/** Memory for the last few rows of many: a row lies where the one that nobody needs any more lay. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';
import { pushScaled } from '../affine.js';

export interface Ring {
  readonly start: Local;
  readonly end: Local;
  readonly rows: number;
  readonly rowBytes: number;
}

export function ringBytes({ rows, rowBytes }: Ring): number {
  return rows * rowBytes;
}

/** Begins a ring at the address on the stack. */
export function setRing(f: FunctionWriter, ring: Ring): void {
  f.tee(ring.start);
  f.i32(ringBytes(ring));
  f.op(op.i32Add);
  f.set(ring.end);
}

/** Pushes the address of a row. */
export function pushRingRow(f: FunctionWriter, { start, rows, rowBytes }: Ring, row: Local): void {
  f.get(start);
  f.get(row);
  f.i32(rows);
  f.op(op.i32RemU);
  pushScaled(f, rowBytes);
  f.op(op.i32Add);
}

/** Moves an address on to the next row. */
export function nextInRing(f: FunctionWriter, ring: Ring, address: Local): void {
  f.increment(address, ring.rowBytes);
  f.get(address);
  f.get(address);
  f.get(ring.end);
  f.op(op.i32GeU);
  pushScaled(f, ringBytes(ring));
  f.op(op.i32Sub);
  f.set(address);
}
