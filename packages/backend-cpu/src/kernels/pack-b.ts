/** A copy of B in the order in which the microkernel reads it. */

import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { countedLoop, pushAtMost, pushOffset, pushScaled, rangeLoop, type Step } from './affine.js';
import type { Blocking } from './blocking.js';
import type { Contraction, Dimension } from './contraction.js';
import type { EmittedKernel } from './kernel.js';

export function stepsOf(dimensions: readonly Dimension[], operand: 'a' | 'b' | 'c'): Step[] {
  return dimensions.map((dimension) => ({ size: dimension.size, stride: dimension[operand] * 4 }));
}

/** Columns of a panel, whole vectors: `vectors * 4`, or what the last panel needs. */
export function panelWidth({ columns, tile }: Blocking, panel: 'full' | 'last'): number {
  const full = tile.vectors * 4;
  if (panel === 'full') return full;
  const rest = columns % full;
  return rest === 0 ? full : Math.ceil(rest / 4) * 4;
}

/** Floats of one packed B matrix. */
export function packedColumns(blocking: Blocking): number {
  return (blocking.panels - 1) * panelWidth(blocking, 'full') + panelWidth(blocking, 'last');
}

/**
 * Emits the packing of B: panels of `panelWidth` columns, the contracted index outermost in each. Columns beyond the
 * last one hold whatever lies behind them; the microkernel never stores their products.
 */
export function emitPackB(
  module: ModuleWriter,
  contraction: Contraction,
  blocking: Blocking,
  batch: readonly Dimension[],
): EmittedKernel {
  const f = module.function('packB', ['i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , source, target] = [0, 1, 2, 3, 4];
  const batches = batch.reduce((total, { size }) => total * size, 1);
  const width = panelWidth(blocking, 'full');
  const [panel, rest, from, to] = Array.from({ length: 4 }, () => f.local('i32'));
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    f.i32(blocking.panels);
    f.op(op.i32RemU);
    f.set(panel!);
    f.get(item!);
    f.i32(blocking.panels);
    f.op(op.i32DivU);
    f.set(rest!);
    // from = source + batch offset; to = target + batch matrix + panel
    f.get(source!);
    pushOffset(f, rest!, stepsOf(batch, 'b'));
    f.op(op.i32Add);
    f.i32(contraction.bOffset * 4);
    f.op(op.i32Add);
    f.set(from!);
    f.get(target!);
    f.get(rest!);
    pushScaled(f, packedColumns(blocking) * blocking.contracted * 4);
    f.op(op.i32Add);
    f.get(panel!);
    pushScaled(f, width * blocking.contracted * 4);
    f.op(op.i32Add);
    f.set(to!);
    const rows = { f, contraction, blocking, from: from!, to: to!, panel: panel! };
    f.get(panel!);
    f.i32(blocking.panels - 1);
    f.op(op.i32Ne);
    f.if();
    emitPanel(rows, width);
    f.else();
    emitPanel(rows, panelWidth(blocking, 'last'));
    f.end();
  });
  return {
    function: f.index,
    items: batches * blocking.panels,
    costPerItem: width * blocking.contracted,
    scratchBytes: 0,
  };
}

interface PanelCopy {
  readonly f: FunctionWriter;
  readonly contraction: Contraction;
  readonly blocking: Blocking;
  readonly from: Local;
  readonly to: Local;
  readonly panel: Local;
}

function emitPanel(copy: PanelCopy, width: number): void {
  const { n } = copy.contraction;
  if (n.length === 0 || (n.length === 1 && n[0]!.b === 1)) emitContiguousPanel(copy, width);
  else emitGatheredPanel(copy, width);
}

/** Columns are contiguous in B: whole vectors per element of the contracted index. */
function emitContiguousPanel({ f, contraction, blocking, from, to, panel }: PanelCopy, width: number): void {
  const source = f.local('i32');
  const inner = contraction.k.at(-1)?.b ?? 0;
  countedLoop(f, blocking.runs, (run) => {
    pushOffset(f, run, stepsOf(contraction.k.slice(0, -1), 'b'));
    f.get(from);
    f.op(op.i32Add);
    f.get(panel);
    pushScaled(f, blocking.tile.vectors * 16);
    f.op(op.i32Add);
    f.set(source);
    countedLoop(f, blocking.runLength, () => {
      for (let v = 0; v < width / 4; v++) {
        f.get(to);
        f.get(source);
        f.memory(memoryOp.v128Load, v * 16);
        f.memory(memoryOp.v128Store, v * 16);
      }
      f.increment(source, inner * 4);
      f.increment(to, width * 4);
    });
  });
  f.release('i32', source);
}

/** Any columns: four at a time, four elements of the contracted index at a time where those are contiguous. */
function emitGatheredPanel({ f, contraction, blocking, from, to, panel }: PanelCopy, width: number): void {
  const runStride = (contraction.k.at(-1)?.b ?? 0) * 4;
  const column = f.local('i32');
  const pointers = Array.from({ length: 4 }, () => f.local('i32'));
  const target = f.local('i32');
  const left = f.local('i32');
  const vectors = Array.from({ length: 4 }, () => f.local('v128'));
  for (let quad = 0; quad < width / 4; quad++) {
    f.get(to);
    f.i32(quad * 16);
    f.op(op.i32Add);
    f.set(target);
    countedLoop(f, blocking.runs, (run) => {
      pointers.forEach((pointer, lane) => {
        f.get(panel);
        pushScaled(f, blocking.tile.vectors * 4);
        f.i32(quad * 4 + lane);
        f.op(op.i32Add);
        pushAtMost(f, 0, blocking.columns - 1);
        f.set(column);
        pushOffset(f, column, stepsOf(contraction.n, 'b'));
        pushOffset(f, run, stepsOf(contraction.k.slice(0, -1), 'b'));
        f.op(op.i32Add);
        f.get(from);
        f.op(op.i32Add);
        f.set(pointer);
      });
      f.i32(blocking.runLength);
      f.set(left);
      if (runStride === 4 && blocking.runLength >= 4) emitTransposedQuads(f, pointers, vectors, target, left, width);
      emitScalarQuads(f, pointers, target, left, width, runStride);
    });
  }
  for (const local of [column, target, left, ...pointers]) f.release('i32', local);
  for (const vector of vectors) f.release('v128', vector);
}

/** While at least four elements are left: a 4×4 transpose. */
function emitTransposedQuads(
  f: FunctionWriter,
  pointers: readonly Local[],
  vectors: readonly Local[],
  target: Local,
  left: Local,
  width: number,
): void {
  const [a, b, c, d] = vectors as [Local, Local, Local, Local];
  const [ab, abHigh] = [f.local('v128'), f.local('v128')];
  f.block();
  f.loop();
  f.get(left);
  f.i32(4);
  f.op(op.i32LtU);
  f.branchIf(1);
  pointers.forEach((pointer, lane) => {
    f.get(pointer);
    f.memory(memoryOp.v128Load);
    f.set(vectors[lane]!);
    f.increment(pointer, 16);
  });
  const interleave = (x: Local, y: Local, high: boolean): void => {
    f.get(x);
    f.get(y);
    if (high) f.shuffle32(2, 6, 3, 7);
    else f.shuffle32(0, 4, 1, 5);
  };
  for (const high of [false, true]) {
    interleave(a, b, high);
    f.set(ab);
    interleave(c, d, high);
    f.set(abHigh);
    for (const half of [0, 1]) {
      f.get(target);
      f.get(ab);
      f.get(abHigh);
      if (half === 0) f.shuffle32(0, 1, 4, 5);
      else f.shuffle32(2, 3, 6, 7);
      f.memory(memoryOp.v128Store, ((high ? 2 : 0) + half) * width * 4);
    }
  }
  f.increment(target, width * 16);
  f.increment(left, -4);
  f.branch(0);
  f.end();
  f.end();
  f.release('v128', ab);
  f.release('v128', abHigh);
}

function emitScalarQuads(
  f: FunctionWriter,
  pointers: readonly Local[],
  target: Local,
  left: Local,
  width: number,
  runStride: number,
): void {
  f.block();
  f.loop();
  f.get(left);
  f.op(op.i32Eqz);
  f.branchIf(1);
  pointers.forEach((pointer, lane) => {
    f.get(target);
    f.get(pointer);
    f.memory(memoryOp.f32Load);
    f.memory(memoryOp.f32Store, lane * 4);
    f.increment(pointer, runStride);
  });
  f.increment(target, width * 4);
  f.increment(left, -1);
  f.branch(0);
  f.end();
  f.end();
}
