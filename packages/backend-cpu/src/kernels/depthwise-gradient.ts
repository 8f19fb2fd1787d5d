/**
 * The gradient of a depthwise convolution for its kernel: a convolution with as many batch groups as channels, whose window is a
 * whole image. Four channels at a time, a row of the window's products is summed in registers, rows in scratch memory.
 */

import { type KernelDefinition, type OpQuery, sizeOf, stridesOf } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { countedLoop, pushScaled, rangeLoop } from './affine.js';
import { isUnpadded } from './convolution.js';
import type { EmittedKernel } from './kernel.js';
import { multiplyAdd } from './multiply-add.js';

/** Strides in bytes. */
interface Axis {
  /** Elements of the kernel's gradient, and of the window. */
  readonly outputs: number;
  readonly window: number;
  /** Bytes in the input from one output, and from one element of the window, to the next. */
  readonly perOutput: number;
  readonly perElement: number;
  readonly cotangent: number;
  readonly output: number;
}

interface Gradient {
  readonly channels: number;
  readonly samples: number;
  readonly inputSample: number;
  /** Of the first element that is used. */
  readonly inputOffset: number;
  readonly cotangentSample: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

const unitAxis: Axis = { outputs: 1, window: 1, perOutput: 0, perElement: 0, cotangent: 0, output: 0 };

/** Columns of a kernel whose gradient fits into registers. */
const mostColumns = 8;

function gradientOf({ operands, results, attributes }: OpQuery<'convolution'>): Gradient | undefined {
  const types = [...operands, ...results];
  if (!types.every(({ dtype, shape }) => dtype === 'float32' && sizeOf(shape) > 0)) return undefined;
  const [lhs, rhs, result] = types.map(({ shape }) => shape) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const [x, d, y] = [stridesOf(lhs), stridesOf(rhs), stridesOf(result)];
  const { inputBatchDimension, inputFeatureDimension, kernelInputFeatureDimension, kernelOutputFeatureDimension } =
    attributes;
  const { inputSpatialDimensions, kernelSpatialDimensions, outputSpatialDimensions, outputFeatureDimension } =
    attributes;
  const channels = lhs[inputBatchDimension]!;
  const isDepthwise =
    attributes.batchGroupCount === channels && rhs[kernelOutputFeatureDimension] === channels && channels % 4 === 0;
  const contiguous =
    x[inputBatchDimension] === 1 && d[kernelOutputFeatureDimension] === 1 && y[outputFeatureDimension] === 1;
  if (!isDepthwise || !contiguous || !isUnpadded(attributes) || attributes.windowReversal.includes(true))
    return undefined;
  const axes = inputSpatialDimensions.map((dimension, i): Axis => {
    const [kernel, output] = [kernelSpatialDimensions[i]!, outputSpatialDimensions[i]!];
    return {
      ...{ outputs: result[output]!, window: rhs[kernel]! },
      perOutput: attributes.windowStrides[i]! * x[dimension]! * 4,
      perElement: attributes.rhsDilation[i]! * x[dimension]! * 4,
      ...{ cotangent: d[kernel]! * 4, output: y[output]! * 4 },
    };
  });
  if (axes.length < 1 || axes.length > 2 || axes.at(-1)!.outputs > mostColumns) return undefined;
  return {
    ...{ channels, samples: lhs[inputFeatureDimension]! },
    inputSample: x[inputFeatureDimension]! * 4,
    inputOffset: inputSpatialDimensions.reduce(
      (sum, dimension, i) => sum - attributes.padding[i]![0] * x[dimension]! * 4,
      0,
    ),
    cotangentSample: d[kernelInputFeatureDimension]! * 4,
    ...{ rows: axes.length === 2 ? axes[0]! : unitAxis, columns: axes.at(-1)! },
  };
}

export const depthwiseGradientKernel: KernelDefinition<'cpu', 'convolution'> = {
  backend: 'cpu',
  op: 'convolution',
  supports: (query) => gradientOf(query) !== undefined,
  build: (context) => {
    const gradient = gradientOf(context)!;
    const { rows, columns, channels } = gradient;
    return [
      {
        ...{ name: 'depthwise gradient', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: ({ module, tuning }) => {
          const kernel = emitGradient(module, gradient, tuning.relaxed);
          const [lhs, rhs] = [0, 1].map((index) => ({ kind: 'operand', index }) as const);
          return {
            calls: [{ kernel, buffers: [lhs!, rhs!, { kind: 'result', index: 0 }] }],
            workspaceBytes: 0,
            description: `depthwise gradient, kernel ${rows.outputs}×${columns.outputs}, ${channels} channels`,
          };
        },
      },
    ];
  },
};

interface Item {
  readonly f: FunctionWriter;
  readonly gradient: Gradient;
  readonly relaxed: boolean;
  /** Vectors of four channels. */
  readonly vectors: number;
  readonly scratch: Local;
  /** Addresses of the item's first channel: in the input at its row of the kernel, in the cotangent, in the result. */
  readonly x: Local;
  readonly d: Local;
  readonly y: Local;
}

/** Emits the kernel (input, cotangent, result); an item is a row of the kernel for up to 16 channels, a cache line. */
function emitGradient(module: ModuleWriter, gradient: Gradient, relaxed: boolean): EmittedKernel {
  const f = module.function('depthwiseGradient', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, xBase, dBase, yBase] = [0, 1, 2, 3, 4, 5];
  const { channels, rows, columns, samples } = gradient;
  const vectors = [4, 3, 2, 1].find((count) => channels % (count * 4) === 0)!;
  const [x, d, y] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const work: Item = { f, gradient, relaxed, vectors, scratch: scratch!, x, d, y };
  const address = (base: Local, perRow: number, target: Local, offset = 0): void => {
    f.get(base);
    f.get(item!);
    f.i32(rows.outputs);
    f.op(op.i32DivU);
    pushScaled(f, vectors * 16);
    f.op(op.i32Add);
    f.get(item!);
    f.i32(rows.outputs);
    f.op(op.i32RemU);
    pushScaled(f, perRow);
    f.op(op.i32Add);
    f.i32(offset);
    f.op(op.i32Add);
    f.set(target);
  };
  rangeLoop(f, item!, end!, 1, () => {
    address(xBase!, rows.perOutput, x, gradient.inputOffset);
    address(dBase!, 0, d);
    address(yBase!, rows.output, y);
    emitItem(work);
  });
  return {
    function: f.index,
    items: (channels / (vectors * 4)) * rows.outputs,
    costPerItem: samples * rows.window * columns.window * columns.outputs * vectors,
    scratchBytes: vectors * columns.outputs * 16,
  };
}

function emitItem(work: Item): void {
  const { f, gradient, vectors, scratch, y } = work;
  const { rows, columns, samples } = gradient;
  const sums = vectors * columns.outputs;
  for (let i = 0; i < sums; i++) {
    f.get(scratch);
    f.splat('f32x4', 0);
    f.memory(memoryOp.v128Store, i * 16);
  }
  countedLoop(f, samples, (sample) => {
    countedLoop(f, rows.window, (row) => emitWindowRow(work, sample, row));
  });
  for (let v = 0; v < vectors; v++)
    for (let column = 0; column < columns.outputs; column++) {
      f.get(y);
      f.get(scratch);
      f.memory(memoryOp.v128Load, (v * columns.outputs + column) * 16);
      f.memory(memoryOp.v128Store, column * columns.output + v * 16);
    }
}

/** Adds the products of one row of the window to the sums in scratch memory. */
function emitWindowRow({ f, gradient, relaxed, vectors, scratch, x, d }: Item, sample: Local, row: Local): void {
  const { rows, columns, inputSample, cotangentSample } = gradient;
  const [px, pd] = [f.local('i32'), f.local('i32')];
  const [factor, value] = [f.local('v128'), f.local('v128')];
  const sums = Array.from({ length: columns.outputs }, () => f.local('v128'));
  for (let v = 0; v < vectors; v++) {
    for (const [base, perSample, perRow, target] of [
      [x, inputSample, rows.perElement, px],
      [d, cotangentSample, rows.cotangent, pd],
    ] as const) {
      f.get(base);
      f.get(sample);
      pushScaled(f, perSample);
      f.op(op.i32Add);
      f.get(row);
      pushScaled(f, perRow);
      f.op(op.i32Add);
      f.set(target);
    }
    for (const sum of sums) {
      f.splat('f32x4', 0);
      f.set(sum);
    }
    countedLoop(f, columns.window, () => {
      f.get(pd);
      f.memory(memoryOp.v128Load, v * 16);
      f.set(factor);
      sums.forEach((sum, column) => {
        f.get(px);
        f.memory(memoryOp.v128Load, column * columns.perOutput + v * 16);
        f.set(value);
        multiplyAdd(f, relaxed, sum, value, factor);
      });
      f.increment(px, columns.perElement);
      f.increment(pd, columns.cotangent);
    });
    sums.forEach((sum, column) => {
      const at = (v * columns.outputs + column) * 16;
      f.get(scratch);
      f.get(scratch);
      f.memory(memoryOp.v128Load, at);
      f.get(sum);
      f.op(op.f32x4Add);
      f.memory(memoryOp.v128Store, at);
    });
  }
  for (const local of [px, pd]) f.release('i32', local);
  for (const local of [factor, value, ...sums]) f.release('v128', local);
}
