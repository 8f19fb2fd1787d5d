/**
 * A depthwise convolution, and its gradient for the input: four channels at a time, some neighbouring outputs of a row
 * together, so that they share the loads of inputs and weights.
 */

import {
  type ConvolutionAttributes,
  type KernelDefinition,
  type OpQuery,
  type Shape,
  sizeOf,
  stridesOf,
} from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { pushAtMost, pushScaled, rangeLoop } from './affine.js';
import type { EmittedKernel, KernelCall } from './kernel.js';
import { multiplyAdd } from './multiply-add.js';
import { type Phase, phasesOf, type Segment, type SpatialDimension, segmentsOf } from './spatial.js';

/** Strides in bytes; channels are contiguous in all three arrays. */
interface Axis {
  readonly dimension: SpatialDimension;
  readonly input: number;
  /** Negative where the window is reversed. */
  readonly kernel: number;
  readonly output: number;
}

interface Depthwise {
  readonly channels: number;
  readonly samples: number;
  readonly inputSample: number;
  readonly outputSample: number;
  /** Of kernel element 0, 0. */
  readonly kernelOffset: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

const unitDimension: SpatialDimension = {
  ...{ input: 1, kernel: 1, output: 1, low: 0, stride: 1, inputDilation: 1, kernelDilation: 1 },
};
const unitAxis: Axis = { dimension: unitDimension, input: 0, kernel: 0, output: 0 };

function depthwiseOf(lhs: Shape, rhs: Shape, result: Shape, attributes: ConvolutionAttributes): Depthwise | undefined {
  const [x, w, y] = [stridesOf(lhs), stridesOf(rhs), stridesOf(result)];
  const { inputFeatureDimension, kernelOutputFeatureDimension, outputFeatureDimension, featureGroupCount } = attributes;
  const spatial = attributes.inputSpatialDimensions.length;
  const channels = lhs[inputFeatureDimension]!;
  const contiguous =
    x[inputFeatureDimension] === 1 && w[kernelOutputFeatureDimension] === 1 && y[outputFeatureDimension] === 1;
  // Four groups are a batch of products, with or without this late part.
  const deep = featureGroupCount === channels && result[outputFeatureDimension] === channels && channels > 4;
  if (!contiguous || !deep || attributes.batchGroupCount !== 1 || spatial < 1 || spatial > 2) return undefined;
  let kernelOffset = 0;
  const axes = attributes.windowStrides.map((stride, d): Axis => {
    const [input, kernel, output] = [
      attributes.inputSpatialDimensions[d]!,
      attributes.kernelSpatialDimensions[d]!,
      attributes.outputSpatialDimensions[d]!,
    ];
    const reversed = attributes.windowReversal[d]!;
    if (reversed) kernelOffset += (rhs[kernel]! - 1) * w[kernel]! * 4;
    const dimension: SpatialDimension = {
      ...{ input: lhs[input]!, kernel: rhs[kernel]!, output: result[output]!, low: attributes.padding[d]![0], stride },
      inputDilation: attributes.lhsDilation[d]!,
      kernelDilation: attributes.rhsDilation[d]!,
    };
    return { dimension, input: x[input]! * 4, kernel: w[kernel]! * (reversed ? -4 : 4), output: y[output]! * 4 };
  });
  return {
    channels,
    samples: lhs[attributes.inputBatchDimension]!,
    inputSample: x[attributes.inputBatchDimension]! * 4,
    outputSample: y[attributes.outputBatchDimension]! * 4,
    kernelOffset,
    rows: axes.length === 2 ? axes[0]! : unitAxis,
    columns: axes.at(-1)!,
  };
}

function depthwiseOfQuery({ operands, results, attributes }: OpQuery<'convolution'>): Depthwise | undefined {
  const types = [...operands, ...results];
  if (!types.every(({ dtype, shape }) => dtype === 'float32' && sizeOf(shape) > 0)) return undefined;
  return depthwiseOf(operands[0]!.shape, operands[1]!.shape, results[0]!.shape, attributes);
}

export const depthwiseKernel: KernelDefinition<'cpu', 'convolution'> = {
  backend: 'cpu',
  op: 'convolution',
  supports: (query) => depthwiseOfQuery(query) !== undefined,
  build: (context) => {
    const depthwise = depthwiseOfQuery(context)!;
    const { rows, columns, channels } = depthwise;
    const description = `depthwise, window ${rows.dimension.kernel}×${columns.dimension.kernel}, ${channels} channels`;
    return [
      {
        ...{ name: 'depthwise', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: ({ module, tuning }) => {
          const calls = phasesOf(rows.dimension).flatMap((row) =>
            phasesOf(columns.dimension).map((column): KernelCall => {
              const kernel = emitDepthwise(module, depthwise, row, column, tuning.relaxed);
              return {
                kernel,
                buffers: [
                  { kind: 'operand', index: 0 },
                  { kind: 'operand', index: 1 },
                  { kind: 'result', index: 0 },
                ],
              };
            }),
          );
          return { calls, workspaceBytes: 0, description };
        },
      },
    ];
  },
};

/** What the code of one row of outputs works with. */
interface Row {
  readonly f: FunctionWriter;
  readonly depthwise: Depthwise;
  readonly row: Phase;
  readonly column: Phase;
  readonly relaxed: boolean;
  /** Addresses: input column 0 in the row of the first tap, kernel column 0 of that tap, the row's first output. */
  readonly x: Local;
  readonly w: Local;
  readonly y: Local;
  /** How many taps of the window's rows are inside. */
  readonly taps: Local;
}

/** Emits the kernel (input, kernel, result) of one phase; an item is a row of outputs. */
function emitDepthwise(
  module: ModuleWriter,
  depthwise: Depthwise,
  row: Phase,
  column: Phase,
  relaxed: boolean,
): EmittedKernel {
  const f = module.function('depthwise', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , xBase, wBase, yBase] = [0, 1, 2, 3, 4, 5];
  const [x, w, y, taps] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const work: Row = { f, depthwise, row, column, relaxed, x, w, y, taps };
  const [t, sample] = [f.local('i32'), f.local('i32')];
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    f.i32(row.count);
    f.op(op.i32RemU);
    f.set(t);
    f.get(item!);
    f.i32(row.count);
    f.op(op.i32DivU);
    f.set(sample);
    emitRowAddresses(work, t, sample, xBase!, wBase!, yBase!);
    for (const segment of segmentsOf(column, depthwise.columns.dimension.input)) emitSegment(work, segment);
  });
  return {
    function: f.index,
    items: depthwise.samples * row.count,
    costPerItem: Math.max(1, column.count * depthwise.channels * row.taps * column.taps),
    scratchBytes: 0,
  };
}

/** Which taps of the window's rows are inside the input, and where they begin. */
function emitRowAddresses(work: Row, t: Local, sample: Local, xBase: Local, wBase: Local, yBase: Local): void {
  const { f, depthwise, row, x, w, y, taps } = work;
  const { rows, columns } = depthwise;
  const first = f.local('i32');
  const segments = segmentsOf(row, rows.dimension.input);
  segments.forEach(({ to, firstTap, endTap }, i) => {
    if (i < segments.length - 1) {
      f.get(t);
      f.i32(to);
      f.op(op.i32LtU);
      f.if();
    }
    f.i32(firstTap);
    f.set(first);
    f.i32(endTap - firstTap);
    f.set(taps);
    if (i < segments.length - 1) f.else();
  });
  for (let i = 1; i < segments.length; i++) f.end();
  const sum = (base: Local, constant: number, parts: readonly (readonly [Local, number])[], target: Local): void => {
    f.get(base);
    f.i32(constant);
    f.op(op.i32Add);
    for (const [local, factor] of parts) {
      f.get(local);
      pushScaled(f, factor);
      f.op(op.i32Add);
    }
    f.set(target);
  };
  const xParts = [
    [sample, depthwise.inputSample],
    [t, row.stride * rows.input],
    [first, row.dilation * rows.input],
  ] as const;
  sum(xBase, row.at * rows.input, xParts, x);
  sum(wBase, depthwise.kernelOffset + row.tap * rows.kernel, [[first, row.tapStep * rows.kernel]], w);
  const yParts = [
    [sample, depthwise.outputSample],
    [t, row.step * rows.output],
  ] as const;
  sum(yBase, row.first * rows.output + work.column.first * columns.output, yParts, y);
  f.release('i32', first);
}

/** Outputs of a row that are computed together. */
const longestTile = 4;

function emitSegment(work: Row, { from, to, firstTap, endTap }: Segment): void {
  const { f } = work;
  const [t, limit] = [f.local('i32'), f.local('i32')];
  const whole = from + Math.floor((to - from) / longestTile) * longestTile;
  f.i32(from);
  f.set(t);
  const run = (end: number, size: number): void => {
    f.i32(end);
    f.set(limit);
    rangeLoop(f, t, limit, size, () => emitTile(work, t, size, firstTap, endTap));
  };
  if (whole > from) run(whole, longestTile);
  if (to > whole) run(to, 1);
  f.release('i32', t);
  f.release('i32', limit);
}

/** All channels of outputs t … t + size - 1. */
function emitTile(work: Row, t: Local, size: number, firstTap: number, endTap: number): void {
  const { f, depthwise, column } = work;
  const { columns, channels } = depthwise;
  const channel = f.local('i32');
  const [px, pw, py] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const accumulators = Array.from({ length: size }, () => f.local('v128'));
  f.i32(0);
  f.set(channel);
  f.loop();
  emitPointers(work, t, channel, firstTap, endTap, { x: px, w: pw, y: py });
  for (const accumulator of accumulators) {
    f.splat('f32x4', 0);
    f.set(accumulator);
  }
  if (endTap > firstTap) emitWindow(work, px, pw, accumulators, endTap - firstTap);
  accumulators.forEach((accumulator, u) => {
    f.get(py);
    f.get(accumulator);
    f.memory(memoryOp.v128Store, u * column.step * columns.output);
  });
  // The last four channels may overlap with those before.
  const last = (channels - 4) * 4;
  f.get(channel);
  f.i32(last);
  f.op(op.i32LtU);
  f.if();
  f.get(channel);
  pushAtMost(f, 16, last);
  f.set(channel);
  f.branch(1);
  f.end();
  f.end();
  for (const local of [channel, px, pw, py]) f.release('i32', local);
  for (const accumulator of accumulators) f.release('v128', accumulator);
}

interface Pointers {
  readonly x: Local;
  readonly w: Local;
  readonly y: Local;
}

/** Sets the addresses of the first input and weight that output t and `channel` (in bytes) need, and of the output. */
function emitPointers(
  { f, depthwise, column, x, w, y }: Row,
  t: Local,
  channel: Local,
  firstTap: number,
  endTap: number,
  pointers: Pointers,
): void {
  const { columns } = depthwise;
  const kernelStep = column.tapStep * columns.kernel;
  // Offsets in loads cannot be negative: a reversed window is read from its last tap.
  const weight = column.tap * columns.kernel + Math.min(kernelStep * firstTap, kernelStep * (endTap - 1));
  const set = (base: Local, perOutput: number, constant: number, target: Local): void => {
    f.get(base);
    f.get(channel);
    f.op(op.i32Add);
    f.get(t);
    pushScaled(f, perOutput);
    f.op(op.i32Add);
    f.i32(constant);
    f.op(op.i32Add);
    f.set(target);
  };
  set(x, column.stride * columns.input, (column.at + firstTap * column.dilation) * columns.input, pointers.x);
  set(w, 0, weight, pointers.w);
  set(y, column.step * columns.output, 0, pointers.y);
}

/** The rows of the window that are inside, `taps` of each. */
function emitWindow(work: Row, px: Local, pw: Local, accumulators: readonly Local[], taps: number): void {
  const { f, depthwise, row, column } = work;
  const { rows, columns } = depthwise;
  const left = f.local('i32');
  f.get(work.taps);
  f.set(left);
  f.block();
  f.loop();
  f.get(left);
  f.op(op.i32Eqz);
  f.branchIf(1);
  emitTaps(work, px, pw, accumulators, taps, column.tapStep * columns.kernel);
  f.increment(px, row.dilation * rows.input);
  f.increment(pw, row.tapStep * rows.kernel);
  f.increment(left, -1);
  f.branch(0);
  f.end();
  f.end();
  f.release('i32', left);
}

/** One row of the window: each input is loaded once, and used for all outputs that it belongs to. */
function emitTaps(
  work: Row,
  px: Local,
  pw: Local,
  accumulators: readonly Local[],
  taps: number,
  kernelStep: number,
): void {
  const { f, column, depthwise, relaxed } = work;
  const weights = Array.from({ length: taps }, (_, j) => {
    const weight = f.local('v128');
    f.get(pw);
    f.memory(memoryOp.v128Load, kernelStep >= 0 ? j * kernelStep : (j - (taps - 1)) * kernelStep);
    f.set(weight);
    return weight;
  });
  const value = f.local('v128');
  const last = (accumulators.length - 1) * column.stride + (taps - 1) * column.dilation;
  for (let at = 0; at <= last; at++) {
    const uses = accumulators.flatMap((accumulator, u) => {
      const j = (at - u * column.stride) / column.dilation;
      return Number.isInteger(j) && j >= 0 && j < taps ? [[accumulator, weights[j]!] as const] : [];
    });
    if (uses.length === 0) continue;
    f.get(px);
    f.memory(memoryOp.v128Load, at * depthwise.columns.input);
    f.set(value);
    for (const [accumulator, weight] of uses) multiplyAdd(f, relaxed, accumulator, value, weight);
  }
  f.release('v128', value);
  for (const weight of weights) f.release('v128', weight);
}
