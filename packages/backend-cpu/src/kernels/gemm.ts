/** Emits a contraction: B is packed into panels once, then work items of rows and panels run the microkernel. */

import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushOffset, pushScaled, rangeLoop, type Step } from './affine.js';
import { type Blocking, chooseBlocking, type GemmTuning } from './blocking.js';
import type { Contraction } from './contraction.js';
import type { EmittedKernel } from './kernel.js';
import { type AccessA, emitMicrokernel } from './microkernel.js';
import { emitPackA, emitPackB, packedColumns, panelWidth, pushAtMost, stepsOf } from './pack.js';

export interface EmittedGemm {
  /** (B, packed B); undefined where B is read where it lies. */
  readonly packB: EmittedKernel | undefined;
  /** (A, packed B or B, C) */
  readonly multiply: EmittedKernel;
  readonly packedBytes: number;
  readonly blocking: Blocking;
}

/** `contraction` is canonical and no size in it is 0. */
export function emitGemm(module: ModuleWriter, contraction: Contraction, tuning: GemmTuning): EmittedGemm {
  const blocking = chooseBlocking(contraction, tuning);
  const packedBatch = contraction.batch.filter(({ b }) => b !== 0);
  const multiply = emitMultiply(module, contraction, blocking, tuning);
  if (blocking.directB !== undefined) return { packB: undefined, multiply, packedBytes: 0, blocking };
  const packB = emitPackB(module, contraction, blocking, packedBatch);
  const batches = packedBatch.reduce((total, { size }) => total * size, 1);
  const packedBytes = batches * packedColumns(blocking) * blocking.contracted * 4;
  return { packB, multiply, packedBytes, blocking };
}

/** How the microkernel reads A, and the floats between rows (or contracted elements) of a packed block. */
function accessA(contraction: Contraction, { mode, piece, group, itemRows }: Blocking): [AccessA, leading: number] {
  if (mode === 'direct') {
    const runs = stepsOf(contraction.k.slice(0, -1), 'a');
    return [{ rows: stepsOf(contraction.m, 'a'), runs, runStride: (contraction.k.at(-1)?.a ?? 1) * 4 }, 0];
  }
  if (mode === 'rows') {
    const leading = piece * group;
    return [{ rows: [{ size: itemRows, stride: leading * 4 }], runs: [], runStride: 4 }, leading];
  }
  return [{ rows: [{ size: itemRows, stride: 4 }], runs: [], runStride: itemRows * 4 }, itemRows];
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
  /** Locals of the current item and block. */
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  readonly row: Local;
  readonly rowEnd: Local;
  readonly panel: Local;
  readonly panelEnd: Local;
  readonly run: Local;
  readonly runEnd: Local;
  readonly length: Local;
  readonly position: Local;
}

function emitMultiply(
  module: ModuleWriter,
  contraction: Contraction,
  blocking: Blocking,
  tuning: GemmTuning,
): EmittedKernel {
  const [access, leading] = accessA(contraction, blocking);
  const packA = blocking.mode === 'direct' ? undefined : emitPackA(module, contraction, blocking, leading);
  const variants = emitVariants(module, contraction, blocking, access, tuning);
  const f = module.function('gemm', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, aBase, bBase, cBase] = [0, 1, 2, 3, 4, 5];
  const local = (): Local => f.local('i32');
  const work: Multiply = {
    ...{ f, contraction, blocking, variants, a: local(), b: local(), c: local(), row: local(), rowEnd: local() },
    ...{ panel: local(), panelEnd: local(), run: local(), runEnd: local(), length: local(), position: local() },
  };
  const rowItems = Math.ceil(blocking.rows / blocking.itemRows);
  const columnItems = Math.ceil(blocking.panels / blocking.itemPanels);
  rangeLoop(f, item!, end!, 1, () => {
    emitDecodeItem(work, item!, rowItems, columnItems, aBase!, bBase!, cBase!);
    emitBlocks(work, (inner) => emitBlock(work, packA, scratch!, access.rows[0]?.stride ?? 0, inner));
  });
  const scratchRows = blocking.mode === 'rows' ? blocking.itemRows : blocking.piece * blocking.group;
  return {
    function: f.index,
    items: blocking.batches * rowItems * columnItems,
    costPerItem: (blocking.itemRows * blocking.contracted * Math.min(blocking.columns, blocking.itemPanels * 12)) / 4,
    scratchBytes: packA === undefined ? 0 : (scratchRows * leading + 16) * 4,
  };
}

function emitVariants(
  module: ModuleWriter,
  contraction: Contraction,
  blocking: Blocking,
  a: AccessA,
  tuning: GemmTuning,
): { readonly full: Variants; readonly last: Variants } {
  const { tile, rows, columns, panels } = blocking;
  const cRows = stepsOf(contraction.m, 'c');
  const lastRows = rows % tile.rows;
  const lastColumns = columns - (panels - 1) * tile.vectors * 4;
  const forColumns = (count: number): Variants => {
    const emit = (tileRows: number): FunctionIndex =>
      emitMicrokernel(module, `micro${tileRows}x${count}`, {
        tile: { rows: tileRows, vectors: Math.ceil(count / 4) },
        columns: count,
        bStride: blocking.directB ?? Math.ceil(count / 4) * 16,
        ...{ a, cRows, relaxed: tuning.relaxed },
      });
    return {
      full: rows < tile.rows ? emit(lastRows) : emit(tile.rows),
      lastRows: lastRows === 0 || rows < tile.rows ? undefined : emit(lastRows),
    };
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
  address(cBase, stepsOf(contraction.batch, 'c'), 0, c);
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

/** Walks the contracted index block by block; `body` gets the element offset inside a split run. */
function emitBlocks(work: Multiply, body: (inner: Local | undefined) => void): void {
  const { f, blocking, run, runEnd, length, position } = work;
  const runsLeft = f.local('i32');
  f.i32(0);
  f.set(position);
  f.i32(0);
  f.set(run);
  f.i32(blocking.runs);
  f.set(runsLeft);
  rangeLoop(f, run, runsLeft, blocking.group, () => {
    f.get(run);
    pushAtMost(f, blocking.group, blocking.runs);
    f.set(runEnd);
    if (blocking.piece === blocking.runLength) {
      f.i32(blocking.runLength);
      f.set(length);
      body(undefined);
      f.increment(position, blocking.group * blocking.runLength);
      return;
    }
    const [inner, innerEnd] = [f.local('i32'), f.local('i32')];
    f.i32(0);
    f.set(inner);
    f.i32(blocking.runLength);
    f.set(innerEnd);
    rangeLoop(f, inner, innerEnd, blocking.piece, () => {
      f.get(inner);
      pushAtMost(f, blocking.piece, blocking.runLength);
      f.get(inner);
      f.op(op.i32Sub);
      f.set(length);
      body(inner);
      f.get(position);
      f.get(length);
      f.op(op.i32Add);
      f.set(position);
    });
    f.release('i32', inner);
    f.release('i32', innerEnd);
  });
  f.release('i32', runsLeft);
}

/** One block of the contracted index: pack A where needed, then every panel over every row tile. */
function emitBlock(
  work: Multiply,
  packA: FunctionIndex | undefined,
  scratch: Local,
  packedRowBytes: number,
  inner: Local | undefined,
): void {
  const { f, contraction, a, row, rowEnd, run, runEnd, length, panel, panelEnd } = work;
  const [from, panelAt, blockLength] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(a);
  if (inner !== undefined) {
    f.get(inner);
    pushScaled(f, (contraction.k.at(-1)?.a ?? 0) * 4);
    f.op(op.i32Add);
  }
  f.set(from);
  f.get(length);
  f.set(blockLength);
  if (packA !== undefined) {
    for (const local of [scratch, from, row, rowEnd, run, runEnd, length]) f.get(local);
    f.call(packA);
    // The microkernel counts rows from the first of the matrix, the packed block from the first of the item.
    f.get(scratch);
    f.get(row);
    pushScaled(f, packedRowBytes);
    f.op(op.i32Sub);
    f.set(from);
    f.get(runEnd);
    f.get(run);
    f.op(op.i32Sub);
    f.get(length);
    f.op(op.i32Mul);
    f.set(blockLength);
  }
  f.get(panel);
  f.set(panelAt);
  rangeLoop(f, panelAt, panelEnd, 1, () => emitPanelTiles(work, from, panelAt, blockLength));
  for (const local of [from, panelAt, blockLength]) f.release('i32', local);
}

function emitPanelTiles(work: Multiply, a: Local, panel: Local, length: Local): void {
  const { f, blocking, variants } = work;
  const width = panelWidth(blocking, 'full');
  const last = panelWidth(blocking, 'last');
  if (variants.full === variants.last) {
    emitRowTiles(work, variants.last, last, a, panel, length);
    return;
  }
  f.get(panel);
  f.i32(blocking.panels - 1);
  f.op(op.i32Ne);
  f.if();
  emitRowTiles(work, variants.full, width, a, panel, length);
  f.else();
  emitRowTiles(work, variants.last, last, a, panel, length);
  f.end();
}

/** All row tiles of the item against one panel of `width` packed columns. */
function emitRowTiles(work: Multiply, kernels: Variants, width: number, a: Local, panel: Local, length: Local): void {
  const { f, blocking, b, c, row, rowEnd, run, runEnd, position } = work;
  const [panelB, panelC, rowAt, fullEnd] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const panelColumns = panelWidth(blocking, 'full');
  f.get(panel);
  pushScaled(f, panelColumns * 4 * (blocking.directB === undefined ? blocking.contracted : 1));
  f.get(position);
  pushScaled(f, blocking.directB ?? width * 4);
  f.op(op.i32Add);
  f.get(b);
  f.op(op.i32Add);
  f.set(panelB);
  f.get(panel);
  pushScaled(f, panelColumns * 4);
  f.get(c);
  f.op(op.i32Add);
  f.set(panelC);
  const call = (kernel: FunctionIndex): void => {
    for (const local of [a, rowAt, panelB, panelC, run, runEnd, length, position]) f.get(local);
    f.call(kernel);
  };
  f.get(row);
  f.set(rowAt);
  const step = Math.min(blocking.tile.rows, blocking.rows);
  f.get(rowEnd);
  f.get(rowEnd);
  f.get(row);
  f.op(op.i32Sub);
  f.i32(step);
  f.op(op.i32RemU);
  f.op(op.i32Sub);
  f.set(fullEnd);
  rangeLoop(f, rowAt, fullEnd, step, () => call(kernels.full));
  if (kernels.lastRows !== undefined) {
    f.get(rowAt);
    f.get(rowEnd);
    f.op(op.i32LtU);
    f.if();
    call(kernels.lastRows);
    f.end();
  }
  for (const local of [panelB, panelC, rowAt, fullEnd]) f.release('i32', local);
}
