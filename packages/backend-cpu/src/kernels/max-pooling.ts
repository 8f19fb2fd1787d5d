/**
 * The greatest of overlapping windows, channels last: a maximum takes several instructions that wait for each other, so sixteen
 * channels have theirs at once, and a window ends where the image does. A late part; the loops it replaces give the same bits.
 */

import { type KernelDefinition, type OpQuery, reducerKind, sizeOf } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { countedLoop, pushScaled, rangeLoop } from './affine.js';
import type { EmittedKernel } from './kernel.js';

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly window: number;
  readonly stride: number;
  readonly low: number;
}

interface Pooling {
  readonly samples: number;
  readonly channels: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

function poolingOf({ operands, results, attributes }: OpQuery<'reduce_window'>): Pooling | undefined {
  const { windowDimensions, windowStrides, windowDilations, baseDilations, padding, body } = attributes;
  const { shape, dtype } = operands[0]!;
  const output = results[0]!.shape;
  const axis = (d: number): Axis => ({
    ...{ input: shape[d]!, output: output[d]!, window: windowDimensions[d]! },
    ...{ stride: windowStrides[d]!, low: padding[d]![0] },
  });
  const isWhole = (d: number): boolean => windowDimensions[d] === 1 && output[d] === shape[d] && padding[d]![0] === 0;
  // What does not overlap is better computed on the way to its windows than stored.
  const overlaps = (d: number): boolean => windowStrides[d]! < windowDimensions[d]!;
  const fits =
    operands.length === 2 &&
    dtype === 'float32' &&
    shape.length === 4 &&
    shape[3]! % 4 === 0 &&
    sizeOf(shape) * sizeOf(output) > 0 &&
    [...windowDilations, ...baseDilations].every((dilation) => dilation === 1) &&
    [0, 3].every(isWhole) &&
    [1, 2].every(overlaps) &&
    reducerKind(body) === 'maximum';
  return fits ? { samples: shape[0]!, channels: shape[3]!, rows: axis(1), columns: axis(2) } : undefined;
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

/** Vectors of channels whose maxima are found at once. */
const vectorsAtOnce = 4;

interface Window {
  readonly f: FunctionWriter;
  readonly pooling: Pooling;
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
function emitPooling(module: ModuleWriter, pooling: Pooling): EmittedKernel {
  const f = module.function('maxPooling', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , imageBase, initialAt, resultBase] = [0, 1, 2, 3, 4, 5];
  const { samples, channels, rows, columns } = pooling;
  const local = (): Local => f.local('i32');
  const work: Window = {
    ...{ f, pooling, initial: f.local('v128'), image: local(), target: local() },
    ...{ firstRow: local(), rowEnd: local(), firstColumn: local(), columnEnd: local() },
  };
  const [sample, row] = [local(), local()];
  const blockBytes = vectorsAtOnce * 16;
  const blocks = Math.floor((channels * 4) / blockBytes);
  const restVectors = (channels / 4) % vectorsAtOnce;
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
      const block = (vectors: number): void => {
        emitWindow(work, vectors);
        f.increment(work.image, vectors * 16);
        f.increment(work.target, vectors * 16);
      };
      if (blocks > 0) countedLoop(f, blocks, () => block(vectorsAtOnce));
      if (restVectors > 0) block(restVectors);
    });
  });
  return {
    function: f.index,
    items: samples * rows.output,
    costPerItem: columns.output * channels * rows.window * columns.window,
    scratchBytes: 0,
  };
}

/** Sets which elements of the window at `output` are inside the image. */
function setInside(f: FunctionWriter, axis: Axis, output: Local, first: Local, end: Local): void {
  const pushBounded = (offset: number): void => {
    const at = f.local('i32');
    f.get(output);
    pushScaled(f, axis.stride);
    f.i32(offset);
    f.op(op.i32Add);
    f.set(at);
    for (const [bound, compare] of [
      [0, op.i32GtS],
      [axis.input, op.i32LtS],
    ] as const) {
      f.get(at);
      f.i32(bound);
      f.get(at);
      f.i32(bound);
      f.op(compare);
      f.op(op.select);
      f.set(at);
    }
    f.get(at);
    f.release('i32', at);
  };
  pushBounded(-axis.low);
  f.set(first);
  pushBounded(axis.window - axis.low);
  f.set(end);
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
