/** Which element of each window is the greatest, for max pooling's gradient. */

import type { Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import { type Segment, segmentsOf } from '../spatial.js';
import { moveNumber, pushNumber, type Work } from './gradient-work.js';
import { pushRingRow } from './ring.js';
import { channelBlocks, overSegment, plainPhase, pushPixel, rowBytes, setInside } from './windows.js';

/** Writes the numbers, in row-major order, of the elements that a row of windows chooses into the ring. */
export function emitChoices(work: Work, window: Local): void {
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
  pushRingRow(f, work.ring, window);
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
