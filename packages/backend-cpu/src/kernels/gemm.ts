/** Emits a contraction: B is packed into panels once, then work items of rows and panels run the microkernel. */

import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushAtMost, pushOffset, pushScaled, rangeLoop, type Step } from './affine.js';
import { type Blocking, chooseBlocking, type GemmTuning } from './blocking.js';
import type { Contraction } from './contraction.js';
import type { EmittedKernel } from './kernel.js';
import { emitMicrokernel, rowEntry, type StepsA } from './microkernel.js';
import { emitOffsets, emitOffsetTable } from './offsets.js';
import { emitPackA, packedTileBytes } from './pack-a.js';
import { emitPackB, packedColumns, panelWidth, stepsOf } from './pack-b.js';

export interface EmittedGemm {
  /** (B, packed B); undefined where B is read where it lies. */
  readonly packB: EmittedKernel | undefined;
  /** (offsets): fills the table of A's contracted elements; undefined where they are evenly spaced. */
  readonly offsets: EmittedKernel | undefined;
  /** (A, packed B or B, C, offsets) */
  readonly multiply: EmittedKernel;
  /** Of packed B. */
  readonly packedBytes: number;
  readonly blocking: Blocking;
}

/** `contraction` is canonical and no size in it is 0. */
export function emitGemm(module: ModuleWriter, contraction: Contraction, tuning: GemmTuning): EmittedGemm {
  const blocking = chooseBlocking(contraction, tuning);
  const packedBatch = contraction.batch.filter(({ b }) => b !== 0);
  const { table, contracted } = blocking;
  const offsets = table ? emitOffsetTable(module, stepsOf(contraction.k, 'a'), contracted) : undefined;
  const multiply = emitMultiply(module, contraction, blocking, tuning);
  if (blocking.directB !== undefined) return { packB: undefined, offsets, multiply, packedBytes: 0, blocking };
  const packB = emitPackB(module, contraction, blocking, packedBatch);
  return { packB, offsets, multiply, packedBytes: packedBytesOf(contraction, blocking), blocking };
}

/** Of B, where it is packed as a whole. */
export function packedBytesOf({ batch }: Contraction, blocking: Blocking): number {
  const batches = batch.reduce((total, { size, b }) => (b === 0 ? total : total * size), 1);
  return batches * packedColumns(blocking) * blocking.contracted * 4;
}

interface Variants {
  readonly full: FunctionIndex;
  readonly lastRows: FunctionIndex | undefined;
}

interface Multiply {
  readonly f: FunctionWriter;
  readonly contraction: Contraction;
  readonly blocking: Blocking;
  readonly variants: { readonly full: Variants; readonly last: Variants };
  readonly packA: FunctionIndex | undefined;
  /** Locals of the current item: addresses, the first row and the one behind the last, panels likewise. */
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  readonly row: Local;
  readonly rowEnd: Local;
  readonly panel: Local;
  readonly panelEnd: Local;
  /** Addresses of the item's table of rows, of the end of its whole tiles, and of its own end. */
  readonly rows: Local;
  readonly wholeRows: Local;
  readonly rowsEnd: Local;
  /** Of the table of A's elements. */
  readonly offsets: Local;
  /** The contracted elements of the current block: the first, and how many. */
  readonly position: Local;
  readonly count: Local;
}

function emitMultiply(
  module: ModuleWriter,
  contraction: Contraction,
  blocking: Blocking,
  tuning: GemmTuning,
): EmittedKernel {
  const { packsA, itemRows, itemPanels } = blocking;
  const packA = packsA ? emitPackA(module, contraction, blocking) : undefined;
  const variants = emitVariants(module, contraction, blocking, tuning);
  const f = module.function(
    'gemm',
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', ...(blocking.table ? (['i32'] as const) : [])],
    [],
  );
  const [item, end, scratch, aBase, bBase, cBase, offsets] = [0, 1, 2, 3, 4, 5, 6];
  const local = (): Local => f.local('i32');
  const work: Multiply = {
    ...{ f, contraction, blocking, variants, packA, a: local(), b: local(), c: local(), row: local(), rowEnd: local() },
    ...{ panel: local(), panelEnd: local(), rows: scratch!, wholeRows: local(), rowsEnd: local(), offsets: offsets! },
    ...{ position: local(), count: local() },
  };
  const rowItems = Math.ceil(blocking.rows / itemRows);
  const columnItems = Math.ceil(blocking.panels / itemPanels);
  rangeLoop(f, item!, end!, 1, () => {
    emitDecodeItem(work, item!, rowItems, columnItems, aBase!, bBase!, cBase!);
    emitRowTable(work);
    emitBlocks(work);
  });
  return {
    function: f.index,
    items: blocking.batches * rowItems * columnItems,
    costPerItem: (itemRows * blocking.contracted * Math.min(blocking.columns, itemPanels * 12)) / 4,
    scratchBytes: copyOffset(blocking) + (blocking.copiesB ? blocking.block * panelWidth(blocking, 'full') * 4 : 0),
  };
}

/** The item's rows, and the rest of the last tile, which packing reads too. */
function rowTableBytes({ itemRows, tile }: Blocking): number {
  return (itemRows + tile.rows) * rowEntry;
}

/** Where in scratch memory a panel of B is copied to: behind the packed rows of A. */
function copyOffset(blocking: Blocking): number {
  const { packsA, itemRows, tile } = blocking;
  return rowTableBytes(blocking) + (packsA ? Math.ceil(itemRows / tile.rows) * packedTileBytes(blocking) : 0);
}

function stepsOfA({ k }: Contraction, blocking: Blocking): StepsA {
  if (blocking.packsA) return { kind: 'packed', bytes: blocking.tile.rows * 4, tileBytes: packedTileBytes(blocking) };
  return blocking.table ? { kind: 'table' } : { kind: 'even', bytes: (k.at(-1)?.a ?? 1) * 4 };
}

function emitVariants(
  module: ModuleWriter,
  contraction: Contraction,
  blocking: Blocking,
  tuning: GemmTuning,
): { readonly full: Variants; readonly last: Variants } {
  const { tile, rows, columns, panels } = blocking;
  const a = stepsOfA(contraction, blocking);
  const lastRows = rows % tile.rows;
  const lastColumns = columns - (panels - 1) * tile.vectors * 4;
  const forColumns = (count: number): Variants => {
    const emit = (tileRows: number): FunctionIndex =>
      emitMicrokernel(module, `micro${tileRows}x${count}`, {
        tile: { rows: tileRows, vectors: Math.ceil(count / 4) },
        columns: count,
        bStride: (!blocking.copiesB && blocking.directB) || Math.ceil(count / 4) * 16,
        ...{ a, relaxed: tuning.relaxed },
      });
    return { full: emit(tile.rows), lastRows: lastRows === 0 ? undefined : emit(lastRows) };
  };
  const last = forColumns(lastColumns);
  const wide = panels > 1 && lastColumns !== tile.vectors * 4;
  return { full: wide ? forColumns(tile.vectors * 4) : last, last };
}

/** Sets addresses, rows and panels of the item. */
function emitDecodeItem(
  { f, contraction, blocking, a, b, c, row, rowEnd, panel, panelEnd }: Multiply,
  item: Local,
  rowItems: number,
  columnItems: number,
  aBase: Local,
  bBase: Local,
  cBase: Local,
): void {
  const rest = f.local('i32');
  f.get(item);
  f.i32(columnItems);
  f.op(op.i32RemU);
  pushScaled(f, blocking.itemPanels);
  f.tee(panel);
  pushAtMost(f, blocking.itemPanels, blocking.panels);
  f.set(panelEnd);
  f.get(item);
  f.i32(columnItems);
  f.op(op.i32DivU);
  f.tee(rest);
  f.i32(rowItems);
  f.op(op.i32RemU);
  pushScaled(f, blocking.itemRows);
  f.tee(row);
  pushAtMost(f, blocking.itemRows, blocking.rows);
  f.set(rowEnd);
  f.get(rest);
  f.i32(rowItems);
  f.op(op.i32DivU);
  f.set(rest);
  const matrix = packedColumns(blocking) * blocking.contracted * 4;
  const address = (base: Local, steps: readonly Step[], constant: number, target: Local): void => {
    f.get(base);
    pushOffset(f, rest, steps);
    f.op(op.i32Add);
    f.i32(constant);
    f.op(op.i32Add);
    f.set(target);
  };
  address(aBase, stepsOf(contraction.batch, 'a'), contraction.aOffset * 4, a);
  if (blocking.directB === undefined) address(bBase, packedBatchSteps(contraction, matrix), 0, b);
  else address(bBase, stepsOf(contraction.batch, 'b'), contraction.bOffset * 4, b);
  address(cBase, stepsOf(contraction.batch, 'c'), contraction.cOffset * 4, c);
  f.release('i32', rest);
}

/** Offsets of the packed matrices by batch index. */
function packedBatchSteps({ batch }: Contraction, matrixBytes: number): Step[] {
  const steps: Step[] = [];
  let stride = matrixBytes;
  for (let d = batch.length - 1; d >= 0; d--) {
    const { size, b } = batch[d]!;
    steps.unshift({ size, stride: b === 0 ? 0 : stride });
    if (b !== 0) stride *= size;
  }
  return steps;
}

/** Fills the table of the item's rows. */
function emitRowTable({ f, contraction, blocking, row, rowEnd, rows, rowsEnd, wholeRows }: Multiply): void {
  const { tile } = blocking;
  const [index, target, count] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(row);
  f.set(index);
  f.get(rows);
  f.set(target);
  emitOffsets(f, index, rowEnd, target, [stepsOf(contraction.m, 'a'), stepsOf(contraction.m, 'c')]);
  f.get(target);
  f.set(rowsEnd);
  // Packing reads whole tiles: rows that are not there are the first one.
  for (let r = 1; r < tile.rows; r++) {
    f.get(target);
    f.i32(0);
    f.memory(memoryOp.i32Store, (r - 1) * rowEntry);
  }
  f.get(rowEnd);
  f.get(row);
  f.op(op.i32Sub);
  f.tee(count);
  f.get(count);
  f.i32(tile.rows);
  f.op(op.i32RemU);
  f.op(op.i32Sub);
  pushScaled(f, rowEntry);
  f.get(rows);
  f.op(op.i32Add);
  f.set(wholeRows);
  for (const local of [index, target, count]) f.release('i32', local);
}

/** The contracted index block by block: packs A where needed, then runs every panel over every row tile. */
function emitBlocks(work: Multiply): void {
  const { f, contraction, blocking, packA, a, panel, panelEnd, rows, rowsEnd, offsets, position, count } = work;
  const [all, steps, from, panelAt] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.i32(0);
  f.set(position);
  f.i32(blocking.contracted);
  f.set(all);
  rangeLoop(f, position, all, blocking.block, () => {
    f.get(position);
    pushAtMost(f, blocking.block, blocking.contracted);
    f.get(position);
    f.op(op.i32Sub);
    f.set(count);
    f.get(position);
    pushScaled(f, blocking.table ? 4 : (contraction.k.at(-1)?.a ?? 1) * 4);
    if (blocking.table) {
      f.get(offsets);
      f.op(op.i32Add);
    }
    f.set(steps);
    f.get(a);
    f.set(from);
    if (packA !== undefined) {
      f.get(rows);
      f.i32(rowTableBytes(blocking));
      f.op(op.i32Add);
      f.tee(from);
      for (const local of [a, rows, rowsEnd, steps, count]) f.get(local);
      f.call(packA);
    }
    f.get(panel);
    f.set(panelAt);
    rangeLoop(f, panelAt, panelEnd, 1, () => emitPanelTiles(work, from, panelAt, steps));
  });
  for (const local of [all, steps, from, panelAt]) f.release('i32', local);
}

function emitPanelTiles(work: Multiply, a: Local, panel: Local, steps: Local): void {
  const { f, blocking, variants } = work;
  const width = panelWidth(blocking, 'full');
  const last = panelWidth(blocking, 'last');
  f.get(panel);
  f.i32(blocking.panels - 1);
  f.op(op.i32Ne);
  f.if();
  emitRowTiles(work, variants.full, width, a, panel, steps);
  f.else();
  emitRowTiles(work, variants.last, last, a, panel, steps);
  f.end();
}

/** All row tiles of the item against one panel of `width` packed columns. */
function emitRowTiles(work: Multiply, kernels: Variants, width: number, a: Local, panel: Local, steps: Local): void {
  const { f, blocking, b, c, rows, wholeRows, rowsEnd, count, position } = work;
  const [panelB, panelC] = [f.local('i32'), f.local('i32')];
  const panelColumns = panelWidth(blocking, 'full');
  f.get(panel);
  pushScaled(f, panelColumns * 4 * (blocking.directB === undefined ? blocking.contracted : 1));
  f.get(position);
  pushScaled(f, blocking.directB ?? width * 4);
  f.op(op.i32Add);
  f.get(b);
  f.op(op.i32Add);
  f.set(panelB);
  if (blocking.copiesB) emitCopyB(work, width, panelB);
  f.get(panel);
  pushScaled(f, panelColumns * 4);
  f.get(c);
  f.op(op.i32Add);
  f.set(panelC);
  const call = (kernel: FunctionIndex, first: Local, behind: Local): void => {
    f.get(first);
    f.get(behind);
    f.op(op.i32LtU);
    f.if();
    pushTile(work, a, first);
    for (const local of [first, behind, panelB, panelC, steps, count, position]) f.get(local);
    f.call(kernel);
    f.end();
  };
  call(kernels.full, rows, wholeRows);
  if (kernels.lastRows !== undefined) call(kernels.lastRows, wholeRows, rowsEnd);
  f.release('i32', panelB);
  f.release('i32', panelC);
}

/** Copies the block's rows of a panel that begins at `panelB`, which becomes the address of the copy. */
function emitCopyB({ f, blocking, rows, count }: Multiply, width: number, panelB: Local): void {
  const [copy, to, end] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(rows);
  f.i32(copyOffset(blocking));
  f.op(op.i32Add);
  f.tee(copy);
  f.tee(to);
  f.get(count);
  pushScaled(f, width * 4);
  f.op(op.i32Add);
  f.set(end);
  rangeLoop(f, to, end, width * 4, () => {
    for (let at = 0; at < width * 4; at += 16) {
      f.get(to);
      f.get(panelB);
      f.memory(memoryOp.v128Load, at);
      f.memory(memoryOp.v128Store, at);
    }
    f.increment(panelB, blocking.directB!);
  });
  f.get(copy);
  f.set(panelB);
}

/** Pushes the address of A for the tile whose first entry in the table of rows is `first`. */
function pushTile({ f, blocking, rows }: Multiply, a: Local, first: Local): void {
  f.get(a);
  if (!blocking.packsA) return;
  f.get(first);
  f.get(rows);
  f.op(op.i32Sub);
  f.i32(blocking.tile.rows * rowEntry);
  f.op(op.i32DivU);
  pushScaled(f, packedTileBytes(blocking));
  f.op(op.i32Add);
}
