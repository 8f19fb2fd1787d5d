/** The transformed input Bᵀ d B of an item's tiles, and the output Aᵀ m A of a panel's products. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import { outputEntry, pushScratch, type Work } from './item.js';

/** Transforms all tiles, and fills the table of their outputs. */
export function emitTiles(work: Work): void {
  const { f, count, layout } = work;
  const [tile, entry] = [f.local('i32'), f.local('i32')];
  f.i32(0);
  f.set(tile);
  pushScratch(work, layout.outputs);
  f.set(entry);
  rangeLoop(f, tile, count, 1, () => {
    emitTile(work, tile, entry);
    f.increment(entry, outputEntry);
  });
  f.release('i32', tile);
  f.release('i32', entry);
}

function emitTile(work: Work, tile: Local, entry: Local): void {
  const { f, plan, first } = work;
  const { tileRows, tileColumns, convolution } = plan;
  const [rest, sample, y, x] = Array.from({ length: 4 }, () => f.local('i32')) as [Local, Local, Local, Local];
  const digit = (size: number, scale: number, target: Local): void => {
    f.get(rest);
    f.i32(size);
    f.op(op.i32RemU);
    pushScaled(f, scale);
    f.set(target);
    f.get(rest);
    f.i32(size);
    f.op(op.i32DivU);
    f.set(rest);
  };
  f.get(first);
  f.get(tile);
  f.op(op.i32Add);
  f.set(rest);
  digit(tileColumns, 2, x);
  digit(tileRows, 2, y);
  f.get(rest);
  f.set(sample);
  emitOutputs(work, sample, y, x, entry);
  f.increment(y, -convolution.rows.low);
  f.increment(x, -convolution.columns.low);
  const pixels = emitPixels(work, sample, y, x);
  emitInput(work, tile, pixels);
  for (const local of [rest, sample, y, x, ...pixels]) f.release('i32', local);
}

/** Stores the addresses of a tile's outputs; those beyond the edge go nowhere. */
function emitOutputs(work: Work, sample: Local, y: Local, x: Local, entry: Local): void {
  const { f, plan, layout, c } = work;
  const { rows, columns, features } = plan.convolution;
  for (let i = 0; i < 4; i++) {
    const [down, right] = [i >> 1, i & 1];
    f.get(entry);
    f.get(sample);
    pushScaled(f, rows.output);
    f.get(y);
    f.op(op.i32Add);
    f.i32(down);
    f.op(op.i32Add);
    pushScaled(f, columns.output);
    f.get(x);
    f.op(op.i32Add);
    f.i32(right);
    f.op(op.i32Add);
    pushScaled(f, features * 4);
    f.get(c);
    f.op(op.i32Add);
    pushScratch(work, layout.nowhere);
    f.get(y);
    f.i32(rows.output - down);
    f.op(op.i32LtU);
    f.get(x);
    f.i32(columns.output - right);
    f.op(op.i32LtU);
    f.op(op.i32And);
    f.op(op.select);
    f.memory(memoryOp.i32Store, i * 4);
  }
}

/** The addresses of a tile's sixteen pixels; those in padding are of zeros. `y` and `x` may be negative. */
function emitPixels(work: Work, sample: Local, y: Local, x: Local): Local[] {
  const { f, plan, layout, a } = work;
  const { rows, columns, sampleStride } = plan.convolution;
  const [row, line, isInside] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const pixels: Local[] = [];
  for (let down = 0; down < 4; down++) {
    f.get(y);
    f.i32(down);
    f.op(op.i32Add);
    f.tee(row);
    f.i32(rows.input);
    f.op(op.i32LtU);
    f.set(isInside);
    f.get(sample);
    pushScaled(f, sampleStride);
    f.get(row);
    pushScaled(f, rows.stride);
    f.op(op.i32Add);
    f.get(a);
    f.op(op.i32Add);
    f.set(line);
    for (let right = 0; right < 4; right++) {
      const pixel = f.local('i32');
      const pushColumn = (): void => {
        f.get(x);
        f.i32(right);
        f.op(op.i32Add);
      };
      pushColumn();
      pushScaled(f, columns.stride);
      f.get(line);
      f.op(op.i32Add);
      pushScratch(work, layout.zero);
      pushColumn();
      f.i32(columns.input);
      f.op(op.i32LtU);
      f.get(isInside);
      f.op(op.i32And);
      f.op(op.select);
      f.set(pixel);
      pixels.push(pixel);
    }
  }
  for (const local of [row, line, isInside]) f.release('i32', local);
  return pixels;
}

/** The rows of Bᵀ: differences and a sum of two of four. */
const inputRows = [
  [0, 2, op.f32x4Sub],
  [1, 2, op.f32x4Add],
  [2, 1, op.f32x4Sub],
  [1, 3, op.f32x4Sub],
] as const;

function emitInput(work: Work, tile: Local, pixels: readonly Local[]): void {
  const { f, plan, layout } = work;
  const { inputs } = plan.convolution;
  const [target, channel, end] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const row = Array.from({ length: 4 }, () => f.local('v128'));
  pushScratch(work, layout.input);
  f.get(tile);
  pushScaled(f, inputs * 4);
  f.op(op.i32Add);
  f.set(target);
  f.i32(0);
  f.set(channel);
  f.i32(inputs * 4);
  f.set(end);
  rangeLoop(f, channel, end, 16, () => {
    inputRows.forEach(([upper, lower, vertical], y) => {
      row.forEach((local, x) => {
        for (const line of [upper, lower]) {
          f.get(pixels[line * 4 + x]!);
          f.get(channel);
          f.op(op.i32Add);
          f.memory(memoryOp.v128Load);
        }
        f.op(vertical);
        f.set(local);
      });
      inputRows.forEach(([left, right, horizontal], x) => {
        f.get(target);
        f.get(row[left]!);
        f.get(row[right]!);
        f.op(horizontal);
        f.memory(memoryOp.v128Store, (y * 4 + x) * layout.inputPoint);
      });
    });
    f.increment(target, 16);
  });
  for (const local of [target, channel, end]) f.release('i32', local);
  for (const local of row) f.release('v128', local);
}

/** Writes the outputs of all tiles in `vectors` of features, `shift` bytes from the first. */
export function emitPanelOutputs(work: Work, shift: Local, vectors: number): void {
  const { f, plan, count, layout } = work;
  const [tile, entry, products] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const pixels = Array.from({ length: 4 }, () => f.local('i32'));
  f.i32(0);
  f.set(tile);
  pushScratch(work, layout.outputs);
  f.set(entry);
  pushScratch(work, layout.products);
  f.set(products);
  rangeLoop(f, tile, count, 1, () => {
    pixels.forEach((pixel, i) => {
      f.get(entry);
      f.memory(memoryOp.i32Load, i * 4);
      f.get(shift);
      f.op(op.i32Add);
      f.set(pixel);
    });
    for (let v = 0; v < vectors; v++) emitOutput(work, products, pixels, v * 16);
    f.increment(products, plan.registers.vectors * 16);
    f.increment(entry, outputEntry);
  });
  for (const local of [tile, entry, products, ...pixels]) f.release('i32', local);
}

/** Four features of a tile's outputs. */
function emitOutput({ f, layout }: Work, products: Local, pixels: readonly Local[], offset: number): void {
  const rows = [0, 1].map(() => Array.from({ length: 4 }, () => f.local('v128')));
  const m = Array.from({ length: 4 }, () => f.local('v128')) as [Local, Local, Local, Local];
  for (let x = 0; x < 4; x++) {
    m.forEach((local, y) => {
      f.get(products);
      f.memory(memoryOp.v128Load, (y * 4 + x) * layout.productPoint + offset);
      f.set(local);
    });
    for (const y of [0, 1] as const) {
      pushOutput(f, m, y);
      f.set(rows[y]![x]!);
    }
  }
  rows.forEach((row, y) => {
    for (const x of [0, 1] as const) {
      f.get(pixels[y * 2 + x]!);
      pushOutput(f, row as [Local, Local, Local, Local], x);
      f.memory(memoryOp.v128Store, offset);
    }
  });
  for (const local of [...rows.flat(), ...m]) f.release('v128', local);
}

/** Pushes a row of Aᵀ times a column: a + b + c, or b - c - d. */
function pushOutput(f: FunctionWriter, [a, b, c, d]: readonly [Local, Local, Local, Local], row: 0 | 1): void {
  const [first, second, third] = row === 0 ? [a, b, c] : [b, c, d];
  const operation = row === 0 ? op.f32x4Add : op.f32x4Sub;
  f.get(first);
  f.get(second);
  f.op(operation);
  f.get(third);
  f.op(operation);
}
