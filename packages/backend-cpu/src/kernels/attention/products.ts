/** Products of blocks that lie in the caches, by the microkernels of matrix products. */

import type { FunctionIndex, FunctionWriter, Local } from '../../wasm/function-writer.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushScaled, rangeLoop } from '../affine.js';
import type { GemmTuning } from '../blocking.js';
import { emitMicrokernel, rowEntry, type StepsA, type Tile } from '../microkernel.js';
import { emitOffsets } from '../offsets.js';

/** C[row, column] (+)= Σ A[row, k] · B[k, column]. Strides are in bytes. */
export interface BlockProduct {
  readonly name: string;
  /** Rows that are `a` apart, or the transpose: elements of the contracted index that are `a` apart. */
  readonly a: number;
  readonly transposed: boolean;
  /** Rows of B, or `undefined` for panels as `packB` makes them. */
  readonly b: number | undefined;
  readonly c: number;
  /** Of all blocks together, and of one. */
  readonly rows: number;
  readonly rowsPerBlock: number;
  readonly columns: number;
}

export interface EmittedProduct {
  /** (a, b, c, rows, columns, count, accumulate, table) */
  readonly function: FunctionIndex;
  readonly tableBytes: number;
  /** Emits the filling of the table that every call needs. */
  fillTable(f: FunctionWriter, table: Local): void;
}

/** Kernels for the columns of one panel: for whole tiles of rows, and for the rows that are left. */
interface PanelKernels {
  readonly tile: Tile;
  readonly whole: FunctionIndex | undefined;
  readonly rest: FunctionIndex | undefined;
}

export function emitProduct(module: ModuleWriter, product: BlockProduct, tuning: GemmTuning): EmittedProduct {
  const { name, a, b, c, rows, rowsPerBlock, columns, transposed } = product;
  const width = tuning.tile.vectors * 4;
  const panelKernels = (count: number): PanelKernels => {
    const tile = count <= 4 ? tuning.narrowTile : tuning.tile;
    const a: StepsA = transposed
      ? { kind: 'packed', bytes: product.a, tileBytes: tile.rows * 4 }
      : { kind: 'even', bytes: 4 };
    const microkernel = (tileRows: number): FunctionIndex =>
      emitMicrokernel(module, `${name}${tileRows}x${count}`, {
        tile: { rows: tileRows, vectors: Math.ceil(count / 4) },
        columns: count,
        bStride: b ?? Math.ceil(count / 4) * 16,
        ...{ a, relaxed: tuning.relaxed },
      });
    const rest = rows % tile.rows;
    return {
      tile,
      whole: rows >= tile.rows ? microkernel(tile.rows) : undefined,
      rest: rest > 0 ? microkernel(rest) : undefined,
    };
  };
  const last = columns % width;
  const full = columns >= width ? panelKernels(width) : undefined;
  const rest = last > 0 ? panelKernels(last) : undefined;

  const f = module.function(
    name,
    Array.from({ length: 8 }, () => 'i32' as const),
    [],
  );
  const [aAt, bAt, cAt, rowCount, columnCount, count, accumulate, table] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [column, whole, zero] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const pushRow = (row: Local): void => {
    f.get(row);
    pushScaled(f, rowEntry);
    f.get(table!);
    f.op(op.i32Add);
  };
  const callKernel = (kernel: FunctionIndex | undefined, from: Local, to: Local): void => {
    if (kernel === undefined) return;
    f.get(from);
    f.get(to);
    f.op(op.i32LtU);
    f.if();
    f.get(aAt!);
    if (transposed) {
      f.get(from);
      pushScaled(f, 4);
      f.op(op.i32Add);
    }
    pushRow(from);
    pushRow(to);
    for (const local of [bAt!, cAt!, zero, count!, accumulate!]) f.get(local);
    f.call(kernel);
    f.end();
  };
  const callKernels = (kernels: PanelKernels | undefined): void => {
    if (kernels === undefined) return;
    f.get(rowCount!);
    f.get(rowCount!);
    f.i32(kernels.tile.rows);
    f.op(op.i32RemU);
    f.op(op.i32Sub);
    f.set(whole);
    callKernel(kernels.whole, zero, whole);
    callKernel(kernels.rest, whole, rowCount!);
  };
  rangeLoop(f, column, columnCount!, width, () => {
    f.get(columnCount!);
    f.get(column);
    f.op(op.i32Sub);
    f.i32(width);
    f.op(op.i32GeU);
    f.if();
    callKernels(full);
    f.else();
    callKernels(rest);
    f.end();
    f.get(bAt!);
    if (b === undefined) {
      f.get(count!);
      pushScaled(f, width * 4);
    } else f.i32(width * 4);
    f.op(op.i32Add);
    f.set(bAt!);
    f.increment(cAt!, width * 4);
  });
  return {
    function: f.index,
    tableBytes: rowsPerBlock * rowEntry,
    fillTable: (g, at) => {
      const [index, end, target] = [g.local('i32'), g.local('i32'), g.local('i32')];
      g.i32(0);
      g.set(index);
      g.i32(rowsPerBlock);
      g.set(end);
      g.get(at);
      g.set(target);
      const walk = (stride: number) => [{ size: rowsPerBlock, stride }];
      emitOffsets(g, index, end, target, [walk(transposed ? 4 : a), walk(c)]);
      for (const local of [index, end, target]) g.release('i32', local);
    },
  };
}
