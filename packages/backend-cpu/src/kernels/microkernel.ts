import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryLaneOp from '../wasm/memory-lane-op.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { multiplyAdd } from './multiply-add.js';

/** Rows and 128-bit vectors of columns of C that one tile keeps in registers. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
}

/** How A's contracted elements are reached from the start of a row. */
export type StepsA =
  /** By a table of offsets. */
  | { readonly kind: 'table' }
  /** They are evenly spaced, this many bytes apart. */
  | { readonly kind: 'even'; readonly bytes: number }
  /** A is packed by tiles, `tileBytes` apart: the rows of a tile are neighbours, its elements `bytes` apart. */
  | { readonly kind: 'packed'; readonly bytes: number; readonly tileBytes: number };

export interface MicrokernelShape {
  readonly tile: Tile;
  /** Columns that exist; fewer than `vectors * 4` at the right edge. */
  readonly columns: number;
  readonly a: StepsA;
  /** Bytes between the rows of B's panel. */
  readonly bStride: number;
  readonly relaxed: boolean;
}

/** Bytes of a row in the table of rows: its offset in A, then in C. */
export const rowEntry = 8;

/**
 * Emits `kernel(a, rows, rowsEnd, b, c, steps, count, accumulate)`: the rows of C in the table from `rows` to `rowsEnd`, whole tiles,
 * with `c` the address of the panel's first column, become (or gain, where `accumulate` is not 0) the products of `count` of
 * A's elements with B's panel at `b`. `steps` is the address of the elements' offsets, or the offset of the first.
 */
export function emitMicrokernel(module: ModuleWriter, name: string, shape: MicrokernelShape): FunctionIndex {
  const f = module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [a, row, rowsEnd, b, c, steps, count, accumulate] = [0, 1, 2, 3, 4, 5, 6, 7];
  const { rows, vectors } = shape.tile;
  const accumulators = Array.from({ length: rows * vectors }, () => f.local('v128'));
  const rowAddresses = Array.from({ length: shape.a.kind === 'packed' ? 0 : rows }, () => f.local('i32'));
  const address = f.local('i32');
  const eachRow = (direction: 'load' | 'store'): void => {
    for (let r = 0; r < rows; r++) {
      pushFromTable(f, c!, row!, r * rowEntry + 4);
      f.set(address);
      emitRowAccess(f, shape.columns, address, accumulators.slice(r * vectors, (r + 1) * vectors), direction);
    }
  };
  f.loop();
  rowAddresses.forEach((local, r) => {
    pushFromTable(f, a!, row!, r * rowEntry);
    f.set(local);
  });
  f.get(accumulate!);
  f.if();
  eachRow('load');
  f.else();
  for (const accumulator of accumulators) {
    f.splat('f32x4', 0);
    f.set(accumulator);
  }
  f.end();
  emitProducts(f, shape, rowAddresses, accumulators, { a: a!, b: b!, steps: steps!, count: count! });
  eachRow('store');
  if (shape.a.kind === 'packed') f.increment(a!, shape.a.tileBytes);
  f.increment(row!, rows * rowEntry);
  f.get(row!);
  f.get(rowsEnd!);
  f.op(op.i32LtU);
  f.branchIf(0);
  f.end();
  return f.index;
}

/** Pushes base + the entry of the table. */
function pushFromTable(f: FunctionWriter, base: Local, table: Local, entry: number): void {
  f.get(base);
  f.get(table);
  f.memory(memoryOp.i32Load, entry);
  f.op(op.i32Add);
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

interface Operands {
  readonly a: Local;
  readonly b: Local;
  readonly steps: Local;
  readonly count: Local;
}

/** accumulators[r][v] += Σ A[row r] · b[v] over `count` elements. */
function emitProducts(
  f: FunctionWriter,
  shape: MicrokernelShape,
  rowAddresses: readonly Local[],
  accumulators: readonly Local[],
  operands: Operands,
): void {
  const { kind } = shape.a;
  const [offset, end, b] = [f.local('i32'), f.local('i32'), f.local('i32')];
  // What the loop counts with: the place in the table, or the offset itself.
  const counter = kind === 'table' ? f.local('i32') : offset;
  const bytes = shape.a.kind === 'table' ? 4 : shape.a.bytes;
  f.get(operands.b);
  f.set(b);
  f.get(kind === 'packed' ? operands.a : operands.steps);
  f.tee(counter);
  f.get(operands.count);
  f.i32(bytes);
  f.op(op.i32Mul);
  f.op(op.i32Add);
  f.set(end);
  f.loop();
  if (kind === 'table') {
    f.get(counter);
    f.memory(memoryOp.i32Load);
    f.set(offset);
  }
  emitRankOneUpdate(f, shape, rowAddresses, accumulators, b, offset);
  f.increment(b, shape.bStride);
  f.get(counter);
  f.i32(bytes);
  f.op(op.i32Add);
  f.tee(counter);
  f.get(end);
  f.op(op.i32Ne);
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
    const address = rowAddresses[r];
    f.get(offset);
    if (address !== undefined) {
      f.get(address);
      f.op(op.i32Add);
    }
    f.memory(memoryOp.v128Load32Splat, address === undefined ? r * 4 : 0);
    f.set(value);
    columns.forEach((column, v) => {
      const accumulator = accumulators[r * vectors + v]!;
      multiplyAdd(f, relaxed, accumulator, value, column);
    });
  }
  f.release('v128', value);
  for (const column of columns) f.release('v128', column);
}
