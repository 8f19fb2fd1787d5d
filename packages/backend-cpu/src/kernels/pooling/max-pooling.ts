/**
 * The greatest of overlapping windows, channels last: a maximum takes several instructions that wait for each other, so sixteen
 * channels have theirs at once, and a window ends where the image does. A late part; the loops it replaces give the same bits.
 */

import { type KernelDefinition, type OpQuery, reducerKind } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { countedLoop, pushScaled, rangeLoop } from '../affine.js';
import type { EmittedKernel } from '../kernel.js';
import { channelBlocks, overlaps, setInside, type Windows, windowsOf } from './windows.js';

function poolingOf(query: OpQuery<'reduce_window'>): Windows | undefined {
  const { operands, results, attributes } = query;
  const plain =
    operands.length === 2 &&
    [...attributes.windowDilations, ...attributes.baseDilations].every((dilation) => dilation === 1) &&
    reducerKind(attributes.body) === 'maximum';
  const windows = plain ? windowsOf(query, results[0]!.shape) : undefined;
  // What does not overlap is better computed on the way to its windows than stored.
  return windows !== undefined && overlaps(windows.rows) && overlaps(windows.columns) ? windows : undefined;
}

export const maxPoolingKernel: KernelDefinition<'cpu', 'reduce_window'> = {
  backend: 'cpu',
  op: 'reduce_window',
  supports: (query) => poolingOf(query) !== undefined,
  build: (context) => {
    const pooling = poolingOf(context)!;
    const { rows, columns, channels } = pooling;
    return [
      {
        ...{ name: 'max pooling', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: ({ module }) => {
          const kernel = emitPooling(module, pooling);
          const [image, initial] = [0, 1].map((index) => ({ kind: 'operand', index }) as const);
          return {
            calls: [{ kernel, buffers: [image!, initial!, { kind: 'result', index: 0 }] }],
            workspaceBytes: 0,
            description: `max pooling, window ${rows.window}×${columns.window}, ${channels} channels`,
          };
        },
      },
    ];
  },
};

interface Window {
  readonly f: FunctionWriter;
  readonly pooling: Windows;
  readonly initial: Local;
  /** Addresses: of the sample's first channel of the block, of where its result goes. */
  readonly image: Local;
  readonly target: Local;
  /** The first row and column inside the image, and those behind the last. */
  readonly firstRow: Local;
  readonly rowEnd: Local;
  readonly firstColumn: Local;
  readonly columnEnd: Local;
}

/** Emits the kernel (image, initial value, result); an item is a row of a sample's result. */
function emitPooling(module: ModuleWriter, pooling: Windows): EmittedKernel {
  const f = module.function('maxPooling', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , imageBase, initialAt, resultBase] = [0, 1, 2, 3, 4, 5];
  const { samples, channels, rows, columns } = pooling;
  const local = (): Local => f.local('i32');
  const work: Window = {
    ...{ f, pooling, initial: f.local('v128'), image: local(), target: local() },
    ...{ firstRow: local(), rowEnd: local(), firstColumn: local(), columnEnd: local() },
  };
  const [sample, row] = [local(), local()];
  f.get(initialAt!);
  f.memory(memoryOp.v128Load32Splat);
  f.set(work.initial);
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    f.i32(rows.output);
    f.op(op.i32RemU);
    f.set(row);
    f.get(imageBase!);
    f.get(item!);
    f.i32(rows.output);
    f.op(op.i32DivU);
    pushScaled(f, rows.input * columns.input * channels * 4);
    f.op(op.i32Add);
    f.set(sample);
    f.get(resultBase!);
    f.get(item!);
    pushScaled(f, columns.output * channels * 4);
    f.op(op.i32Add);
    f.set(work.target);
    setInside(f, rows, row, work.firstRow, work.rowEnd);
    countedLoop(f, columns.output, (column) => {
      setInside(f, columns, column, work.firstColumn, work.columnEnd);
      f.get(sample);
      f.set(work.image);
      channelBlocks(f, channels, (vectors) => {
        emitWindow(work, vectors);
        f.increment(work.image, vectors * 16);
        f.increment(work.target, vectors * 16);
      });
    });
  });
  return {
    function: f.index,
    items: samples * rows.output,
    costPerItem: columns.output * channels * rows.window * columns.window,
    scratchBytes: 0,
  };
}

function emitWindow(work: Window, vectors: number): void {
  const { f, pooling, initial, image, target, firstRow, rowEnd, firstColumn, columnEnd } = work;
  const pixel = pooling.channels * 4;
  const [row, at, end] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const greatest = Array.from({ length: vectors }, () => f.local('v128'));
  for (const vector of greatest) {
    f.get(initial);
    f.set(vector);
  }
  const pushPixel = (column: Local): void => {
    f.get(row);
    pushScaled(f, pooling.columns.input);
    f.get(column);
    f.op(op.i32Add);
    pushScaled(f, pixel);
    f.get(image);
    f.op(op.i32Add);
  };
  f.get(firstRow);
  f.set(row);
  rangeLoop(f, row, rowEnd, 1, () => {
    pushPixel(firstColumn);
    f.set(at);
    pushPixel(columnEnd);
    f.set(end);
    rangeLoop(f, at, end, pixel, () => {
      greatest.forEach((vector, v) => {
        f.get(vector);
        f.get(at);
        f.memory(memoryOp.v128Load, v * 16);
        f.op(op.f32x4Max);
        f.set(vector);
      });
    });
  });
  greatest.forEach((vector, v) => {
    f.get(target);
    f.get(vector);
    f.memory(memoryOp.v128Store, v * 16);
  });
  for (const local of [row, at, end]) f.release('i32', local);
  for (const vector of greatest) f.release('v128', vector);
}
