/**
 * A matrix times a vector: every element of the matrix is used once, so all that counts is to read it in the order in which
 * it lies. Rows are added up in the result, or a sum is kept for each row. A late part.
 */

import type { KernelDefinition } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryLaneOp from '../wasm/memory-lane-op.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushAtMost, pushOffset, pushScaled, rangeLoop } from './affine.js';
import { type Contraction, canonicalize, product } from './contraction.js';
import type { CpuKernel, EmittedKernel, KernelBuffer } from './kernel.js';
import { dotContraction, dotGeneralKernel } from './matrix.js';
import { multiplyAdd } from './multiply-add.js';
import { stepsOf } from './pack-b.js';

/** Rows that are added to a vector of the result while that is in a register. */
const rowsAtOnce = 6;
/** Columns whose sums stay in the first cache while the rows pass. */
const blockBytes = 1 << 14;
/** Rows whose sums are kept at a time, each in two vectors; more streams at once are slower. */
const sumsAtOnce = 2;
const vectorsPerSum = 2;
const mostItems = 16;

export const matrixVectorKernel: KernelDefinition<'cpu', 'dot_general'> = {
  ...dotGeneralKernel,
  build(context) {
    const contraction = canonicalize(dotContraction(context));
    return liesInOrder(contraction) ? [{ ...candidate, emit: emitter(contraction) }] : dotGeneralKernel.build(context);
  },
};

const candidate = { name: 'matrix-vector', workspaceBytes: 0, deterministic: true, epilogues: [] } as const;

/** Whether the vector goes with whole rows of the matrix, or with contiguous elements of them. */
function liesInOrder({ m, n, k }: Contraction): boolean {
  if (k.length !== 1) return false;
  const [column] = n;
  return column ? n.length === 1 && column.b === 1 : m.length < 2 && k[0]!.a * k[0]!.b === 1;
}

function emitter(contraction: Contraction): CpuKernel {
  const addsRows = product(contraction.n) > 1;
  const [a, b] = contraction.swapped ? [1, 0] : [0, 1];
  return (target) => {
    const { module, tuning } = target;
    const emit = addsRows ? emitSumOfRows : emitRowSums;
    const key = `matrix-vector ${JSON.stringify(contraction)}`;
    const kernel = target.shared(key, () => emit(module, contraction, tuning.relaxed));
    const buffers: KernelBuffer[] = [
      { kind: 'operand', index: a! },
      { kind: 'operand', index: b! },
      { kind: 'result', index: 0 },
    ];
    const { batch, m, n, k } = contraction;
    const sizes = [product(m), product(k), product(n)].join('×');
    const batches = batch.length > 0 ? `${product(batch)}×` : '';
    return {
      calls: [{ kernel, buffers }],
      workspaceBytes: 0,
      description: `matrix-vector ${batches}${sizes}, ${addsRows ? 'rows added up' : 'a sum for each row'}`,
    };
  };
}

/** How the indices of a result, or of each of a batch, become items. */
interface Items {
  readonly count: number;
  readonly perItem: number;
}

/**
 * Emits `(start, end, scratch, a, b, c)`: `body` with `first` and `last` set to the indices, in units, that the items stand for, and
 * the addresses to those of the matrices and vectors. Neighbouring items are one range; those of a batch are a whole product each.
 */
function emitRanges(
  module: ModuleWriter,
  name: string,
  contraction: Contraction,
  units: number,
  { count, perItem }: Items,
  body: (f: FunctionWriter, addresses: readonly [Local, Local, Local], first: Local, last: Local) => void,
): EmittedKernel {
  const { batch, k } = contraction;
  const f = module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , ...bases] = [0, 1, 2, 3, 4, 5] as const;
  const [first, last] = [f.local('i32'), f.local('i32')];
  const addresses = bases.map(() => f.local('i32')) as unknown as readonly [Local, Local, Local];
  const setAddresses = (): void => {
    (['a', 'b', 'c'] as const).forEach((operand, i) => {
      f.get(bases[i]!);
      f.i32(contraction[`${operand}Offset`] * 4);
      f.op(op.i32Add);
      if (batch.length > 0) {
        pushOffset(f, item, stepsOf(batch, operand));
        f.op(op.i32Add);
      }
      f.set(addresses[i]!);
    });
  };
  if (batch.length > 0) {
    rangeLoop(f, item, end, 1, () => {
      setAddresses();
      f.i32(0);
      f.set(first);
      f.i32(units);
      f.set(last);
      body(f, addresses, first, last);
    });
  } else {
    setAddresses();
    for (const [index, bound] of [
      [item, first],
      [end, last],
    ] as const) {
      f.get(index);
      pushScaled(f, perItem);
      pushAtMost(f, 0, units);
      f.set(bound);
    }
    body(f, addresses, first, last);
  }
  const work = (batch.length > 0 ? units : perItem) * product(k);
  return {
    function: f.index,
    items: batch.length > 0 ? product(batch) : count,
    costPerItem: work / 4,
    scratchBytes: 0,
  };
}

// --- y = Σ_k a[k] · B[k, :]

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

function emitSumOfRows(module: ModuleWriter, contraction: Contraction, relaxed: boolean): EmittedKernel {
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
  f.tee(behind);
  f.get(last);
  f.get(behind);
  f.get(last);
  f.op(op.i32LtU);
  f.op(op.select);
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

function storeLane(f: FunctionWriter, address: Local, vector: Local, lane: number, offset: number): void {
  f.get(address);
  f.get(vector);
  f.memoryLane(memoryLaneOp.store32Lane, lane, offset);
}

// --- y[m] = Σ_k A[m, k] · b[k]

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

function emitRowSums(module: ModuleWriter, contraction: Contraction, relaxed: boolean): EmittedKernel {
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
