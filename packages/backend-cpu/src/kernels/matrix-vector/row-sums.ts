/** y[m] = Σ_k A[m, k] · b[k]: a sum for each row. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import { type Contraction, product } from '../contraction.js';
import type { EmittedKernel } from '../kernel.js';
import { multiplyAdd } from '../multiply-add.js';
import { emitRanges, mostItems, storeLane } from './items.js';

/** Rows whose sums are kept at a time, each in two vectors; more streams at once are slower. */
const sumsAtOnce = 2;
const vectorsPerSum = 2;

interface RowSums {
  readonly f: FunctionWriter;
  readonly relaxed: boolean;
  /** Addresses: of the next row, of the vector, of the next result. */
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  readonly length: number;
  readonly rowStride: number;
  readonly resultStride: number;
}

export function emitRowSums(module: ModuleWriter, contraction: Contraction, relaxed: boolean): EmittedKernel {
  const { size: rows, a: rowStride, c: resultStride } = contraction.m[0] ?? { size: 1, a: 0, c: 0 };
  const length = product(contraction.k);
  const perItem = Math.ceil(rows / mostItems / sumsAtOnce) * sumsAtOnce;
  const items = { count: Math.ceil(rows / perItem), perItem };
  return emitRanges(module, 'rowSums', contraction, rows, items, (f, [a, b, c], row, last) => {
    const work: RowSums = {
      ...{ f, relaxed, a, b, c, length, rowStride: rowStride * 4, resultStride: resultStride * 4 },
    };
    for (const [address, stride] of [
      [a, work.rowStride],
      [c, work.resultStride],
    ] as const) {
      f.get(row);
      pushScaled(f, stride);
      f.get(address);
      f.op(op.i32Add);
      f.set(address);
    }
    const behindWhole = f.local('i32');
    f.get(last);
    f.i32(-sumsAtOnce);
    f.op(op.i32And);
    f.set(behindWhole);
    rangeLoop(f, row, behindWhole, sumsAtOnce, () => emitSums(work, sumsAtOnce));
    rangeLoop(f, row, last, 1, () => emitSums(work, 1));
  });
}

/** The sums of `rows` rows; a row's order of additions is the same for every number of rows. */
function emitSums(work: RowSums, rows: number): void {
  const { f, a, b, c, length, rowStride, resultStride } = work;
  const sums = Array.from({ length: rows * vectorsPerSum }, () => f.local('v128'));
  for (const sum of sums) {
    f.splat('f32x4', 0);
    f.set(sum);
  }
  const [at, vector, end] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(a);
  f.set(at);
  f.get(b);
  f.set(vector);
  const step = vectorsPerSum * 16;
  const whole = Math.floor((length * 4) / step) * step;
  f.get(b);
  f.i32(whole);
  f.op(op.i32Add);
  f.set(end);
  rangeLoop(f, vector, end, step, () => {
    emitProducts(work, sums, at, vector, vectorsPerSum, memoryOp.v128Load);
    f.increment(at, step);
  });
  const rest = length - whole / 4;
  for (let done = 0; done < rest; done += rest - done >= 4 ? 4 : 1) {
    const load = rest - done >= 4 ? memoryOp.v128Load : memoryOp.v128Load32Zero;
    emitProducts(work, sums, at, vector, 1, load, done * 4);
  }
  for (let row = 0; row < rows; row++) emitTotal(f, sums.slice(row * vectorsPerSum, (row + 1) * vectorsPerSum));
  for (let row = 0; row < rows; row++) storeLane(f, c, sums[row * vectorsPerSum]!, 0, row * resultStride);
  f.increment(a, rows * rowStride);
  f.increment(c, rows * resultStride);
  for (const sum of sums) f.release('v128', sum);
  for (const local of [at, vector, end]) f.release('i32', local);
}

function emitProducts(
  { f, relaxed, rowStride }: RowSums,
  sums: readonly Local[],
  at: Local,
  vector: Local,
  vectors: number,
  load: typeof memoryOp.v128Load | typeof memoryOp.v128Load32Zero,
  offset = 0,
): void {
  const [factor, value] = [f.local('v128'), f.local('v128')];
  for (let v = 0; v < vectors; v++) {
    f.get(vector);
    f.memory(load, offset + v * 16);
    f.set(factor);
    for (let row = 0; row * vectorsPerSum < sums.length; row++) {
      f.get(at);
      f.memory(load, row * rowStride + offset + v * 16);
      f.set(value);
      multiplyAdd(f, relaxed, sums[row * vectorsPerSum + v]!, factor, value);
    }
  }
  f.release('v128', factor);
  f.release('v128', value);
}

/** Leaves the sum of all lanes of all vectors in the first one's lanes. */
function emitTotal(f: FunctionWriter, sums: readonly Local[]): void {
  const [total, ...others] = sums as [Local, ...Local[]];
  for (const other of others) {
    f.get(total);
    f.get(other);
    f.op(op.f32x4Add);
    f.set(total);
  }
  for (const [a, b, c, d] of [
    [2, 3, 0, 1],
    [1, 0, 3, 2],
  ] as const) {
    f.get(total);
    f.get(total);
    f.get(total);
    f.shuffle32(a, b, c, d);
    f.op(op.f32x4Add);
    f.set(total);
  }
}
