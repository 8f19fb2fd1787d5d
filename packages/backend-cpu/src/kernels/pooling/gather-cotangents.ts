/** Every element of a row gathers the cotangents of the windows that chose it, in their order. */

import type { Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import * as op from '../../wasm/op.js';
import { rangeLoop } from '../affine.js';
import type { Phase, Segment } from '../spatial.js';
import { moveNumber, pushNumber, type Work } from './gradient-work.js';
import { nextInRing } from './ring.js';
import { channelBlocks, overSegment, pushPixel, rowBytes } from './windows.js';

/** What surrounds a row of elements: addresses of the first row of windows in the ring and the cotangent, of the row in the result. */
export interface Around {
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
export function emitGather(work: Work, around: Around, phase: Phase, segment: Segment): void {
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
  { f, windows, ring }: Work,
  around: Around,
  phase: Phase,
  { firstTap, endTap }: Segment,
  gathered: readonly Local[],
): void {
  const { rows, columns, channels } = windows;
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
    f.increment(cotangent, rowBytes(columns.output, channels));
    nextInRing(f, ring, choices);
    moveNumber(f, number, -rows.stride * columns.window);
  });
  for (const local of [row, choices, cotangent]) f.release('i32', local);
  for (const local of [number, current]) f.release('v128', local);
}
