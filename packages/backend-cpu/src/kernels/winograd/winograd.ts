/**
 * A 3×3 convolution of many channels by Winograd's minimal filtering F(2×2, 3×3): of four by four pixels and the kernel, both transformed,
 * sixteen products make two by two outputs that take thirty-six directly. A late part; pages wait for it, as its sums are others.
 *
 * Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, https://arxiv.org/abs/1509.09308
 */

import type { KernelDefinition } from '@ceratops/kernel-registry';
import type { FunctionIndex, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { countedLoop, pushAtMost, pushScaled, rangeLoop } from '../affine.js';
import type { EmittedKernel } from '../kernel.js';
import { emitMicrokernel, rowEntry } from '../microkernel.js';
import { layoutOf, pushScratch, type Work } from './item.js';
import { type Plan, panelBytes, planOf, points, winogradOf } from './plan.js';
import { emitPanelOutputs, emitTiles } from './tiles.js';
import { emitWeights } from './weights.js';

export const winogradKernel: KernelDefinition<'cpu', 'convolution'> = {
  backend: 'cpu',
  op: 'convolution',
  supports: (query) => winogradOf(query) !== undefined,
  build: (context) => {
    const convolution = winogradOf(context)!;
    const { inputs, features } = convolution;
    return [
      {
        ...{ name: 'winograd', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: ({ module, tuning }) => {
          const plan = planOf(convolution, tuning);
          const weights = emitWeights(module, plan);
          const multiply = emitMultiply(module, plan);
          const [lhs, rhs] = [0, 1].map((index) => ({ kind: 'operand', index }) as const);
          const transformed = { kind: 'workspace', offset: 0 } as const;
          return {
            calls: [
              { kernel: weights, buffers: [rhs!, transformed] },
              { kernel: multiply, buffers: [lhs!, transformed, { kind: 'result', index: 0 }] },
            ],
            workspaceBytes: points * inputs * features * 4,
            description: `winograd 2×2 of 3×3, ${plan.tiles} tiles, ${inputs} to ${features} channels`,
          };
        },
      },
    ];
  },
};

/** Emits the kernel (input, transformed kernel, result); an item is a block of tiles. */
function emitMultiply(module: ModuleWriter, plan: Plan): EmittedKernel {
  const { convolution, tiles, block, panels, registers, lastVectors } = plan;
  const { inputs, features } = convolution;
  const last = emitProducts(module, plan, lastVectors);
  const full = panels > 1 && lastVectors !== registers.vectors ? emitProducts(module, plan, registers.vectors) : last;
  const f = module.function('winograd', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, scratch, a, b, c] = [0, 1, 2, 3, 4, 5];
  const [first, count] = [f.local('i32'), f.local('i32')];
  const layout = layoutOf(plan);
  const work: Work = { f, plan, layout, scratch: scratch!, a: a!, b: b!, c: c!, first, count };
  const [panel, panelEnd, rowsEnd, shift] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  emitConstants(work);
  const emitPanel = (kernel: FunctionIndex, vectors: number): void => {
    emitPoints(work, kernel, vectors, panel, rowsEnd);
    f.get(panel);
    pushScaled(f, registers.vectors * 16);
    f.set(shift);
    emitPanelOutputs(work, shift, vectors);
  };
  rangeLoop(f, item!, end!, 1, () => {
    f.get(item!);
    pushScaled(f, block);
    f.tee(first);
    pushAtMost(f, block, tiles);
    f.get(first);
    f.op(op.i32Sub);
    f.set(count);
    emitTiles(work);
    // Whole tiles of rows: those beyond the last are products of what lay there.
    f.get(count);
    f.i32(registers.rows - 1);
    f.op(op.i32Add);
    f.i32(registers.rows);
    f.op(op.i32DivU);
    pushScaled(f, registers.rows * rowEntry);
    f.get(scratch!);
    f.op(op.i32Add);
    f.set(rowsEnd);
    f.i32(0);
    f.set(panel);
    f.i32(panels - 1);
    f.set(panelEnd);
    rangeLoop(f, panel, panelEnd, 1, () => emitPanel(full, registers.vectors));
    emitPanel(last, lastVectors);
  });
  return {
    function: f.index,
    items: Math.ceil(tiles / block),
    costPerItem: block * inputs * features * (points / 4),
    scratchBytes: layout.bytes,
  };
}

function emitProducts(module: ModuleWriter, { registers, relaxed }: Plan, vectors: number): FunctionIndex {
  const columns = vectors * 4;
  return emitMicrokernel(module, `winograd${registers.rows}x${columns}`, {
    ...{
      tile: { rows: registers.rows, vectors },
      columns,
      a: { kind: 'even', bytes: 4 },
      bStride: columns * 4,
      relaxed,
    },
  });
}

/** What all items have in common: a pixel of zeros, and the table of the products' rows. */
function emitConstants(work: Work): void {
  const { f, plan, layout, scratch } = work;
  const { inputs } = plan.convolution;
  const entry = f.local('i32');
  pushScratch(work, layout.zero);
  f.i32(0);
  f.i32(inputs * 4);
  f.memoryFill();
  f.get(scratch);
  f.set(entry);
  countedLoop(f, plan.block, (row) => {
    for (const [at, bytes] of [
      [0, inputs * 4],
      [4, plan.registers.vectors * 16],
    ] as const) {
      f.get(entry);
      f.get(row);
      pushScaled(f, bytes);
      f.memory(memoryOp.i32Store, at);
    }
    f.increment(entry, rowEntry);
  });
  f.release('i32', entry);
}

/** The products of all points with a panel of the kernel. */
function emitPoints(work: Work, kernel: FunctionIndex, vectors: number, panel: Local, rowsEnd: Local): void {
  const { f, plan, layout, scratch, b } = work;
  const [input, weights, products] = [f.local('i32'), f.local('i32'), f.local('i32')];
  pushScratch(work, layout.input);
  f.set(input);
  pushScratch(work, layout.products);
  f.set(products);
  f.get(panel);
  pushScaled(f, points * panelBytes(plan, plan.registers.vectors));
  f.get(b);
  f.op(op.i32Add);
  f.set(weights);
  countedLoop(f, points, () => {
    for (const local of [input, scratch, rowsEnd, weights, products]) f.get(local);
    f.i32(0);
    f.i32(plan.convolution.inputs);
    f.i32(0);
    f.call(kernel);
    f.increment(input, layout.inputPoint);
    f.increment(products, layout.productPoint);
    f.increment(weights, panelBytes(plan, vectors));
  });
  for (const local of [input, weights, products]) f.release('i32', local);
}
