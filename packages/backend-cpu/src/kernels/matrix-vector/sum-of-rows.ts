/** y = Σ_k a[k] · B[k, :]: rows scaled and added up in the result. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import { type Contraction, product } from '../contraction.js';
import type { EmittedKernel } from '../kernel.js';
import { pushLesser } from '../lesser.js';
import { multiplyAdd } from '../multiply-add.js';
import { emitRanges, mostItems, storeLane } from './items.js';

/** Rows that are added to a vector of the result while that is in a register. */
const rowsAtOnce = 6;
/** Columns whose sums stay in the first cache while the rows pass. */
const blockBytes = 1 << 14;

interface SumOfRows {
  readonly f: FunctionWriter;
  readonly relaxed: boolean;
  /** Addresses: of the next elements of the vector, of the rows that they belong to, of the result. */
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  /** Bytes of the block's first column, of the one behind its whole vectors, of the one behind it. */
  readonly first: Local;
  readonly behindWhole: Local;
  readonly behind: Local;
  readonly vectorStride: number;
  readonly rowStride: number;
  readonly lastLanes: number;
}

export function emitSumOfRows(module: ModuleWriter, contraction: Contraction, relaxed: boolean): EmittedKernel {
  const columns = product(contraction.n);
  const { size: rows, a: vectorStride, b: rowStride } = contraction.k[0]!;
  const wanted = Math.max(1, Math.min(mostItems, Math.floor(columns / 256)));
  const perItem = Math.ceil(columns / wanted / 4) * 4;
  const items = { count: Math.ceil(columns / perItem), perItem };
  return emitRanges(module, 'sumOfRows', contraction, columns, items, (f, [vector, matrix, c], first, last) => {
    const [behind, behindWhole, a, b] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const work: SumOfRows = {
      ...{ f, relaxed, a, b, c, first, behindWhole, behind, lastLanes: columns % 4 },
      ...{ vectorStride: vectorStride * 4, rowStride: rowStride * 4 },
    };
    for (const bound of [first, last]) {
      f.get(bound);
      pushScaled(f, 4);
      f.set(bound);
    }
    rangeLoop(f, first, last, blockBytes, () => {
      emitBlockBounds(work, last);
      f.get(vector);
      f.set(a);
      f.get(matrix);
      f.set(b);
      emitAllRows(work, rows);
    });
  });
}

/** The block ends with the item's columns at the latest; its results begin as 0. */
function emitBlockBounds({ f, c, first, behind, behindWhole }: SumOfRows, last: Local): void {
  f.get(first);
  f.i32(blockBytes);
  f.op(op.i32Add);
  f.set(behind);
  pushLesser(f, behind, last);
  f.tee(behind);
  f.i32(-16);
  f.op(op.i32And);
  f.set(behindWhole);
  f.get(c);
  f.get(first);
  f.op(op.i32Add);
  f.i32(0);
  f.get(behind);
  f.get(first);
  f.op(op.i32Sub);
  f.memoryFill();
}

function emitAllRows(work: SumOfRows, rows: number): void {
  const { f, a } = work;
  const whole = Math.floor(rows / rowsAtOnce);
  if (whole > 0) {
    const aEnd = f.local('i32');
    f.get(a);
    f.i32(whole * rowsAtOnce * work.vectorStride);
    f.op(op.i32Add);
    f.set(aEnd);
    f.loop();
    emitRows(work, rowsAtOnce);
    f.get(a);
    f.get(aEnd);
    f.op(op.i32Ne);
    f.branchIf(0);
    f.end();
    f.release('i32', aEnd);
  }
  if (rows % rowsAtOnce > 0) emitRows(work, rows % rowsAtOnce);
}

/** Adds `count` rows to the block's results, in their order. */
function emitRows(work: SumOfRows, count: number): void {
  const { f, a, b, first, behind, behindWhole, vectorStride, rowStride, lastLanes } = work;
  const factors = Array.from({ length: count }, (_, row) => {
    const factor = f.local('v128');
    f.get(a);
    f.memory(memoryOp.v128Load32Splat, row * vectorStride);
    f.set(factor);
    return factor;
  });
  const [at, pairs] = [f.local('i32'), f.local('i32')];
  f.get(first);
  f.set(at);
  f.get(behindWhole);
  f.get(first);
  f.op(op.i32Sub);
  f.i32(-32);
  f.op(op.i32And);
  f.get(first);
  f.op(op.i32Add);
  f.set(pairs);
  rangeLoop(f, at, pairs, 32, () => emitColumns(work, factors, at, 2, 4));
  rangeLoop(f, at, behindWhole, 16, () => emitColumns(work, factors, at, 1, 4));
  if (lastLanes > 0) rangeLoop(f, at, behind, 16, () => emitColumns(work, factors, at, 1, lastLanes));
  f.increment(a, count * vectorStride);
  f.increment(b, count * rowStride);
  for (const factor of factors) f.release('v128', factor);
  f.release('i32', at);
  f.release('i32', pairs);
}

function emitColumns(
  { f, relaxed, b, c, rowStride }: SumOfRows,
  factors: readonly Local[],
  at: Local,
  vectors: number,
  lanes: number,
): void {
  const [row, result, value] = [f.local('i32'), f.local('i32'), f.local('v128')];
  const sums = Array.from({ length: vectors }, () => f.local('v128'));
  f.get(b);
  f.get(at);
  f.op(op.i32Add);
  f.set(row);
  f.get(c);
  f.get(at);
  f.op(op.i32Add);
  f.set(result);
  sums.forEach((sum, v) => {
    f.get(result);
    f.memory(memoryOp.v128Load, v * 16);
    f.set(sum);
  });
  factors.forEach((factor, r) => {
    sums.forEach((sum, v) => {
      f.get(row);
      f.memory(memoryOp.v128Load, r * rowStride + v * 16);
      f.set(value);
      multiplyAdd(f, relaxed, sum, factor, value);
    });
  });
  sums.forEach((sum, v) => {
    if (lanes === 4) {
      f.get(result);
      f.get(sum);
      f.memory(memoryOp.v128Store, v * 16);
    } else for (let lane = 0; lane < lanes; lane++) storeLane(f, result, sum, lane, lane * 4);
  });
  for (const sum of [...sums, value]) f.release('v128', sum);
  f.release('i32', row);
  f.release('i32', result);
}
