import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryLaneOp from '../wasm/memory-lane-op.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushOffset, type Step } from './affine.js';

/** Rows and 128-bit vectors of columns of C that one call keeps in registers. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
}

/** How the rows of A are reached: `rows` from the row index, `runs` from the run index, then `runStride` bytes apart. */
export interface AccessA {
  readonly rows: readonly Step[];
  readonly runs: readonly Step[];
  readonly runStride: number;
}

export interface MicrokernelShape {
  readonly tile: Tile;
  /** Columns that exist; fewer than `vectors * 4` at the right edge. */
  readonly columns: number;
  readonly a: AccessA;
  /** Bytes between the rows of B's panel. */
  readonly bStride: number;
  /** Rows of C from the row index. */
  readonly cRows: readonly Step[];
  readonly relaxed: boolean;
}

/**
 * Emits `kernel(a, row, b, c, runStart, runEnd, length, accumulate)`: rows `row …` of C, at the address `c` of the panel's
 * first column in row 0, become (or gain, where `accumulate` is not 0) the products of A's runs, `length` elements each,
 * with B's panel at `b`.
 */
export function emitMicrokernel(module: ModuleWriter, name: string, shape: MicrokernelShape): FunctionIndex {
  const f = module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [a, row, b, c, runStart, runEnd, length, accumulate] = [0, 1, 2, 3, 4, 5, 6, 7];
  const { rows, vectors } = shape.tile;
  const rowAddresses = emitRowAddresses(f, a!, row!, rows, shape.a.rows);
  const accumulators = Array.from({ length: rows * vectors }, () => f.local('v128'));
  const cAddress = f.local('i32');
  emitInitialValues(f, shape, accumulators, c!, row!, accumulate!, cAddress);
  emitRuns(f, shape, rowAddresses, accumulators, b!, runStart!, runEnd!, length!);
  for (let r = 0; r < rows; r++) {
    emitCAddress(f, c!, row!, r, shape.cRows);
    f.set(cAddress);
    emitRowAccess(f, shape.columns, cAddress, accumulators.slice(r * vectors, (r + 1) * vectors), 'store');
  }
  return f.index;
}

function emitRowAddresses(f: FunctionWriter, a: Local, row: Local, rows: number, steps: readonly Step[]): Local[] {
  const index = f.local('i32');
  return Array.from({ length: rows }, (_, r) => {
    const address = f.local('i32');
    f.get(row);
    f.i32(r);
    f.op(op.i32Add);
    f.set(index);
    pushOffset(f, index, steps);
    f.get(a);
    f.op(op.i32Add);
    f.set(address);
    return address;
  });
}

function emitCAddress(f: FunctionWriter, c: Local, row: Local, r: number, steps: readonly Step[]): void {
  const index = f.local('i32');
  f.get(row);
  f.i32(r);
  f.op(op.i32Add);
  f.set(index);
  pushOffset(f, index, steps);
  f.get(c);
  f.op(op.i32Add);
  f.release('i32', index);
}

function emitInitialValues(
  f: FunctionWriter,
  { tile: { rows, vectors }, columns, cRows }: MicrokernelShape,
  accumulators: readonly Local[],
  c: Local,
  row: Local,
  accumulate: Local,
  cAddress: Local,
): void {
  f.get(accumulate);
  f.if();
  for (let r = 0; r < rows; r++) {
    emitCAddress(f, c, row, r, cRows);
    f.set(cAddress);
    emitRowAccess(f, columns, cAddress, accumulators.slice(r * vectors, (r + 1) * vectors), 'load');
  }
  f.else();
  for (const accumulator of accumulators) {
    f.splat('f32x4', 0);
    f.set(accumulator);
  }
  f.end();
}

/** Loads or stores `columns` floats of one row of C, lane by lane in the last vector where it is not full. */
function emitRowAccess(
  f: FunctionWriter,
  columns: number,
  address: Local,
  vectors: readonly Local[],
  direction: 'load' | 'store',
): void {
  vectors.forEach((vector, v) => {
    const lanes = Math.min(4, columns - v * 4);
    if (lanes === 4) {
      f.get(address);
      if (direction === 'load') {
        f.memory(memoryOp.v128Load, v * 16);
        f.set(vector);
      } else {
        f.get(vector);
        f.memory(memoryOp.v128Store, v * 16);
      }
      return;
    }
    for (let lane = 0; lane < lanes; lane++) {
      f.get(address);
      f.get(vector);
      if (direction === 'load') {
        f.memoryLane(memoryLaneOp.load32Lane, lane, v * 16 + lane * 4);
        f.set(vector);
      } else f.memoryLane(memoryLaneOp.store32Lane, lane, v * 16 + lane * 4);
    }
  });
}

function emitRuns(
  f: FunctionWriter,
  shape: MicrokernelShape,
  rowAddresses: readonly Local[],
  accumulators: readonly Local[],
  b: Local,
  run: Local,
  runEnd: Local,
  length: Local,
): void {
  const offset = f.local('i32');
  const end = f.local('i32');
  const inner = (): void => {
    f.get(offset);
    f.get(length);
    f.i32(shape.a.runStride);
    f.op(op.i32Mul);
    f.op(op.i32Add);
    f.set(end);
    f.loop();
    emitRankOneUpdate(f, shape, rowAddresses, accumulators, b, offset);
    f.increment(b, shape.bStride);
    f.get(offset);
    f.i32(shape.a.runStride);
    f.op(op.i32Add);
    f.tee(offset);
    f.get(end);
    f.op(op.i32Ne);
    f.branchIf(0);
    f.end();
  };
  if (shape.a.runs.length === 0) {
    f.i32(0);
    f.set(offset);
    inner();
    return;
  }
  f.loop();
  pushOffset(f, run, shape.a.runs);
  f.set(offset);
  inner();
  f.increment(run, 1);
  f.get(run);
  f.get(runEnd);
  f.op(op.i32LtU);
  f.branchIf(0);
  f.end();
}

/** accumulators[r][v] += A[row r] · b[v] for one element of the contraction. */
function emitRankOneUpdate(
  f: FunctionWriter,
  { tile: { rows, vectors }, relaxed }: MicrokernelShape,
  rowAddresses: readonly Local[],
  accumulators: readonly Local[],
  b: Local,
  offset: Local,
): void {
  const columns = Array.from({ length: vectors }, (_, v) => {
    const vector = f.local('v128');
    f.get(b);
    f.memory(memoryOp.v128Load, v * 16);
    f.set(vector);
    return vector;
  });
  const value = f.local('v128');
  for (let r = 0; r < rows; r++) {
    f.get(rowAddresses[r]!);
    f.get(offset);
    f.op(op.i32Add);
    f.memory(memoryOp.v128Load32Splat);
    f.set(value);
    columns.forEach((column, v) => {
      const accumulator = accumulators[r * vectors + v]!;
      if (relaxed) {
        f.get(value);
        f.get(column);
        f.get(accumulator);
        f.op(op.f32x4RelaxedMadd);
      } else {
        f.get(accumulator);
        f.get(value);
        f.get(column);
        f.op(op.f32x4Mul);
        f.op(op.f32x4Add);
      }
      f.set(accumulator);
    });
  }
  f.release('v128', value);
  for (const column of columns) f.release('v128', column);
}
