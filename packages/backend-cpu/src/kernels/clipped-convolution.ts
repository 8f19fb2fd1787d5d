/**
 * A padded convolution of stride one that multiplies no padding: tap by tap, the outputs whose input is there gain its product. What
 * is most of the work that padding makes is the gradient of an unpadded convolution, and small images. A late part; the same sums
 * in the same order as the product of a padded copy.
 */

import type { KernelDefinition, OpQuery } from '@ceratops/kernel-registry';
import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { countedLoop, pushAtMost, pushScaled, rangeLoop } from './affine.js';
import { type Blocking, chooseBlocking, type GemmTuning, isPackedWhole } from './blocking.js';
import type { EmittedKernel } from './kernel.js';
import { emitMicrokernel, rowEntry } from './microkernel.js';
import { emitPackB, packedColumns, panelWidth } from './pack-b.js';
import { type Axis, meetings, type StrideOne, strideOneOf } from './stride-one.js';

/** Each tap reads and writes the results once more, which this many products of an element are worth. */
const fewestInputs = 32;
const fewestFeatures = 8;
const fewestRows = 96;
/** How many times the needed work padding must make. */
const leastWaste = 1.08;

function pays(clipped: StrideOne): boolean {
  const { samples, rows, columns, inputs, features } = clipped;
  const window = rows.taps * columns.taps;
  const outputs = rows.output * columns.output;
  return (
    inputs >= fewestInputs &&
    features >= fewestFeatures &&
    samples * outputs >= fewestRows &&
    isPackedWhole(samples * outputs, window * inputs * features) &&
    outputs * window > leastWaste * meetings(clipped)
  );
}

function clippedOfQuery(query: OpQuery<'convolution'>): StrideOne | undefined {
  const clipped = strideOneOf(query);
  return clipped !== undefined && pays(clipped) ? clipped : undefined;
}

export const clippedConvolutionKernel: KernelDefinition<'cpu', 'convolution'> = {
  backend: 'cpu',
  op: 'convolution',
  supports: (query) => clippedOfQuery(query) !== undefined,
  build: (context) => {
    const clipped = clippedOfQuery(context)!;
    return [
      {
        ...{ name: 'clipped gemm', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: ({ module, tuning }) => {
          const blocking = blockingOf(clipped, tuning);
          const packB = emitPackB(module, clipped.contraction, blocking, []);
          const multiply = emitMultiply(module, clipped, blocking, tuning);
          const [lhs, rhs] = [0, 1].map((index) => ({ kind: 'operand', index }) as const);
          const packed = { kind: 'workspace', offset: 0 } as const;
          return {
            calls: [
              { kernel: packB, buffers: [rhs!, packed] },
              { kernel: multiply, buffers: [lhs!, packed, { kind: 'result', index: 0 }] },
            ],
            workspaceBytes: packedColumns(blocking) * blocking.contracted * 4,
            description: blocking,
          };
        },
      },
    ];
  },
};

/** As other products have them: more where the packed kernel does not fit into the second cache, and comes anew for each item. */
const rowsOfItem = 96;
const rowsOfLargeItem = 192;
const largeKernel = 1 << 17;
const wantedItems = 16;
const longestBlock = 384;

/** An item is some lines of outputs, each of all columns; B is packed, and A is read where it lies. */
function blockingOf({ contraction, samples, rows, columns, inputs }: StrideOne, tuning: GemmTuning): Blocking {
  const blocking = chooseBlocking(contraction, tuning);
  const lines = samples * rows.output;
  const mostRows = blocking.contracted * blocking.columns > largeKernel ? rowsOfLargeItem : rowsOfItem;
  const most = Math.max(1, Math.floor(mostRows / columns.output));
  const itemRows = Math.min(most, Math.ceil(lines / wantedItems)) * columns.output;
  const block = Math.ceil(inputs / Math.ceil(inputs / longestBlock));
  const reached = { table: true, packsA: false, directB: undefined, copiesB: false };
  return { ...blocking, ...reached, clipped: true, block, itemRows, itemPanels: blocking.panels };
}

interface Work {
  readonly f: FunctionWriter;
  readonly clipped: StrideOne;
  readonly blocking: Blocking;
  readonly full: FunctionIndex;
  readonly last: FunctionIndex;
  /** Addresses of the operands and the result. */
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  /** Address of the table of rows, which is filled up to `rowsEnd`. */
  readonly rows: Local;
  readonly rowsEnd: Local;
  /** The item's lines. */
  readonly line: Local;
  readonly lineEnd: Local;
}

/** Emits the kernel (A, packed B, C). */
function emitMultiply(module: ModuleWriter, clipped: StrideOne, blocking: Blocking, tuning: GemmTuning): EmittedKernel {
  const { rows, columns, samples, features } = clipped;
  const micro = (panel: 'full' | 'last'): FunctionIndex => {
    const width = panelWidth(blocking, panel);
    const count = panel === 'full' ? width : features - (blocking.panels - 1) * panelWidth(blocking, 'full');
    return emitMicrokernel(module, `micro${blocking.tile.rows}x${count}`, {
      tile: { rows: blocking.tile.rows, vectors: width / 4 },
      ...{ columns: count, a: { kind: 'even', bytes: 4 }, bStride: width * 4, relaxed: tuning.relaxed },
    });
  };
  const [full, last] = [micro('full'), micro('last')];
  const f = module.function('clippedGemm', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, a, b, c] = [0, 1, 2, 3, 4, 5];
  const [rowsEnd, line, lineEnd] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const work: Work = { f, clipped, blocking, full, last, a: a!, b: b!, c: c!, rows: scratch!, rowsEnd, line, lineEnd };
  const lines = samples * rows.output;
  const itemLines = blocking.itemRows / columns.output;
  const lineBytes = columns.output * features * 4;
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    pushScaled(f, itemLines);
    f.tee(line);
    pushAtMost(f, itemLines, lines);
    f.set(lineEnd);
    f.get(c!);
    f.get(line);
    pushScaled(f, lineBytes);
    f.op(op.i32Add);
    f.i32(0);
    f.get(lineEnd);
    f.get(line);
    f.op(op.i32Sub);
    pushScaled(f, lineBytes);
    f.memoryFill();
    countedLoop(f, rows.taps, (row) => countedLoop(f, columns.taps, (column) => emitTap(work, row, column)));
  });
  return {
    function: f.index,
    items: Math.ceil(lines / itemLines),
    costPerItem: (blocking.itemRows * blocking.contracted * features) / 4,
    scratchBytes: tableBytes(blocking) + features * 4 + 16,
  };
}

/** The item's rows, and the rest of the last tile. */
function tableBytes({ itemRows, tile }: Blocking): number {
  return (itemRows + tile.rows) * rowEntry;
}

/** Adds the products of one tap. */
function emitTap(work: Work, row: Local, column: Local): void {
  const { f, clipped, blocking, full, last, rows, rowsEnd } = work;
  const { inputs } = clipped;
  const { panels, block, contracted } = blocking;
  emitTable(work, row, column);
  const width = panelWidth(blocking, 'full') * 4;
  const lastWidth = panelWidth(blocking, 'last') * 4;
  const [position, all, element, panel, panelEnd] = Array.from({ length: 5 }, () => f.local('i32'));
  const [panelB, panelC, count] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const multiply = (kernel: FunctionIndex, bytes: number): void => {
    f.get(panel!);
    pushScaled(f, width * contracted);
    f.get(element!);
    pushScaled(f, bytes);
    f.op(op.i32Add);
    f.get(work.b);
    f.op(op.i32Add);
    f.set(panelB);
    f.get(panel!);
    pushScaled(f, width);
    f.get(work.c);
    f.op(op.i32Add);
    f.set(panelC);
    for (const local of [work.a, rows, rowsEnd, panelB, panelC]) f.get(local);
    f.get(position!);
    pushScaled(f, 4);
    f.get(count);
    f.i32(1);
    f.call(kernel);
  };
  f.get(rows);
  f.get(rowsEnd);
  f.op(op.i32LtU);
  f.if();
  f.i32(0);
  f.set(position!);
  f.i32(inputs);
  f.set(all!);
  rangeLoop(f, position!, all!, block, () => {
    f.get(position!);
    pushAtMost(f, block, inputs);
    f.get(position!);
    f.op(op.i32Sub);
    f.set(count);
    f.get(row);
    pushScaled(f, clipped.columns.taps);
    f.get(column);
    f.op(op.i32Add);
    pushScaled(f, inputs);
    f.get(position!);
    f.op(op.i32Add);
    f.set(element!);
    f.i32(0);
    f.set(panel!);
    f.i32(panels - 1);
    f.set(panelEnd!);
    rangeLoop(f, panel!, panelEnd!, 1, () => multiply(full, width));
    multiply(last, lastWidth);
  });
  f.end();
  for (const local of [position!, all!, element!, panel!, panelEnd!, panelB, panelC, count]) f.release('i32', local);
}

/** Fills the table with the item's outputs that meet an input at this tap: their offsets in A and C. */
function emitTable(work: Work, row: Local, column: Local): void {
  const { f, clipped, rows, rowsEnd, line, lineEnd } = work;
  const { rows: vertical, columns: horizontal, sampleStride, features } = clipped;
  const [y, x, from, to, at, result, end] = Array.from({ length: 7 }, () => f.local('i32'));
  // The first column whose input is there, and the one behind the last.
  pushDistance(f, horizontal, column);
  f.set(x!);
  f.i32(0);
  f.get(x!);
  f.op(op.i32Sub);
  f.i32(0);
  pushSelected(f, op.i32GtS);
  f.set(from!);
  f.i32(horizontal.input);
  f.get(x!);
  f.op(op.i32Sub);
  f.i32(horizontal.output);
  pushSelected(f, op.i32LtS);
  f.set(to!);
  f.get(rows);
  f.set(rowsEnd);
  const current = f.local('i32');
  f.get(line);
  f.set(current);
  rangeLoop(f, current, lineEnd, 1, () => {
    f.get(current);
    f.i32(vertical.output);
    f.op(op.i32RemU);
    pushDistance(f, vertical, row);
    f.op(op.i32Add);
    f.tee(y!);
    f.i32(vertical.input);
    f.op(op.i32LtU);
    f.get(from!);
    f.get(to!);
    f.op(op.i32LtS);
    f.op(op.i32And);
    f.if();
    f.get(current);
    f.i32(vertical.output);
    f.op(op.i32DivU);
    pushScaled(f, sampleStride);
    f.get(y!);
    pushScaled(f, vertical.stride);
    f.op(op.i32Add);
    f.get(from!);
    f.get(x!);
    f.op(op.i32Add);
    pushScaled(f, horizontal.stride);
    f.op(op.i32Add);
    f.set(at!);
    f.get(current);
    pushScaled(f, horizontal.output);
    f.get(from!);
    f.op(op.i32Add);
    pushScaled(f, features * 4);
    f.set(result!);
    f.get(to!);
    f.get(from!);
    f.op(op.i32Sub);
    pushScaled(f, rowEntry);
    f.get(rowsEnd);
    f.op(op.i32Add);
    f.set(end!);
    rangeLoop(f, rowsEnd, end!, rowEntry, () => {
      f.get(rowsEnd);
      f.get(at!);
      f.memory(memoryOp.i32Store);
      f.get(rowsEnd);
      f.get(result!);
      f.memory(memoryOp.i32Store, 4);
      f.increment(at!, horizontal.stride);
      f.increment(result!, features * 4);
    });
    f.end();
  });
  emitWholeTiles(work);
  for (const local of [y!, x!, from!, to!, at!, result!, end!, current]) f.release('i32', local);
}

/** Rows that fill the last tile: the products of A's first row, into scratch memory. */
function emitWholeTiles({ f, blocking, rows, rowsEnd, c }: Work): void {
  const { tile } = blocking;
  const tileEntries = tile.rows * rowEntry;
  for (let r = 0; r < tile.rows - 1; r++) {
    f.get(rowsEnd);
    f.i32(0);
    f.memory(memoryOp.i32Store, r * rowEntry);
    f.get(rowsEnd);
    f.get(rows);
    f.i32(tableBytes(blocking));
    f.op(op.i32Add);
    f.get(c);
    f.op(op.i32Sub);
    f.memory(memoryOp.i32Store, r * rowEntry + 4);
  }
  f.get(rowsEnd);
  f.get(rows);
  f.op(op.i32Sub);
  f.i32(tileEntries - 1);
  f.op(op.i32Add);
  f.i32(tileEntries);
  f.op(op.i32DivU);
  pushScaled(f, tileEntries);
  f.get(rows);
  f.op(op.i32Add);
  f.set(rowsEnd);
}

/** Pushes how far the input of a tap lies behind the output. */
function pushDistance(f: FunctionWriter, { dilation, low }: Axis, tap: Local): void {
  f.get(tap);
  pushScaled(f, dilation);
  f.i32(low);
  f.op(op.i32Sub);
}

/** Replaces the two values on the stack by the first where it compares so with the second. */
function pushSelected(f: FunctionWriter, compare: typeof op.i32GtS | typeof op.i32LtS): void {
  const [first, second] = [f.local('i32'), f.local('i32')];
  f.set(second);
  f.tee(first);
  f.get(second);
  f.get(first);
  f.get(second);
  f.op(compare);
  f.op(op.select);
  f.release('i32', first);
  f.release('i32', second);
}
