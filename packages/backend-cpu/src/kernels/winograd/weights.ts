/** The transformed kernel G g Gᵀ: by panels of features, in each the sixteen points, in each a row of features per input. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryLaneOp from '../../wasm/memory-lane-op.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { countedLoop, pushScaled, rangeLoop } from '../affine.js';
import type { Dimension } from '../contraction.js';
import type { EmittedKernel } from '../kernel.js';
import { type Plan, panelBytes, points } from './plan.js';

/** Emits the kernel (kernel, transformed kernel); an item is an input feature. */
export function emitWeights(module: ModuleWriter, plan: Plan): EmittedKernel {
  const { convolution, panels, registers, lastVectors } = plan;
  const { inputs, features, contraction } = convolution;
  const f = module.function('winogradWeights', ['i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , from, to] = [0, 1, 2, 3, 4];
  const [source, target] = [f.local('i32'), f.local('i32')];
  const perInput = contraction.k[2]!.b * 4;
  const perFeature = contraction.n[0]!.b * 4;
  const panel = (vectors: number): void => {
    for (let v = 0; v < vectors; v++) {
      emitTransform(f, plan, source, target, panelBytes(plan, vectors));
      f.increment(source, 4 * perFeature);
      f.increment(target, 16);
    }
  };
  const setTarget = (offset: number, vectors: number): void => {
    f.get(to!);
    f.i32(offset);
    f.op(op.i32Add);
    f.get(item!);
    pushScaled(f, vectors * 16);
    f.op(op.i32Add);
    f.set(target);
  };
  const wholePanel = points * panelBytes(plan, registers.vectors);
  rangeLoop(f, item!, end!, 1, () => {
    f.get(from!);
    f.i32(contraction.bOffset * 4);
    f.op(op.i32Add);
    f.get(item!);
    pushScaled(f, perInput);
    f.op(op.i32Add);
    f.set(source);
    setTarget(0, registers.vectors);
    if (panels > 1)
      countedLoop(f, panels - 1, () => {
        panel(registers.vectors);
        f.increment(target, wholePanel - registers.vectors * 16);
      });
    setTarget((panels - 1) * wholePanel, lastVectors);
    panel(lastVectors);
  });
  return { function: f.index, items: inputs, costPerItem: features * 16, scratchBytes: 0 };
}

/** Four features of one input. */
function emitTransform(f: FunctionWriter, plan: Plan, source: Local, target: Local, pointBytes: number): void {
  const [row, column] = plan.convolution.contraction.k as readonly [Dimension, Dimension, Dimension];
  const g = Array.from({ length: 9 }, (_, i) => {
    const local = f.local('v128');
    emitLoad(f, plan, source, (Math.floor(i / 3) * row.b + (i % 3) * column.b) * 4, local);
    return local;
  });
  const t = Array.from({ length: 12 }, () => f.local('v128'));
  for (let x = 0; x < 3; x++)
    filtered(f, [g[x]!, g[3 + x]!, g[6 + x]!], (y, push) => {
      push();
      f.set(t[y * 3 + x]!);
    });
  for (let y = 0; y < 4; y++)
    filtered(f, [t[y * 3]!, t[y * 3 + 1]!, t[y * 3 + 2]!], (x, push) => {
      f.get(target);
      push();
      f.memory(memoryOp.v128Store, (y * 4 + x) * pointBytes);
    });
  for (const local of [...g, ...t]) f.release('v128', local);
}

/** Loads four features, which may lie apart; a reversed kernel is read backwards, by negative offsets. */
function emitLoad(f: FunctionWriter, plan: Plan, source: Local, offset: number, target: Local): void {
  const apart = plan.convolution.contraction.n[0]!.b * 4;
  const pushAddress = (bytes: number): void => {
    f.get(source);
    f.i32(bytes);
    f.op(op.i32Add);
  };
  if (apart === 4) {
    pushAddress(offset);
    f.memory(memoryOp.v128Load);
    f.set(target);
    return;
  }
  for (let lane = 0; lane < 4; lane++) {
    pushAddress(offset + lane * apart);
    f.get(target);
    f.memoryLane(memoryLaneOp.load32Lane, lane);
    f.set(target);
  }
}

/** G times a column: a, (a + b + c) / 2, (a - b + c) / 2, c. */
function filtered(
  f: FunctionWriter,
  [a, b, c]: readonly [Local, Local, Local],
  use: (i: number, push: () => void) => void,
): void {
  const half = (operation: typeof op.f32x4Add | typeof op.f32x4Sub) => (): void => {
    f.get(a);
    f.get(c);
    f.op(op.f32x4Add);
    f.get(b);
    f.op(operation);
    f.get(f.constant('f32x4', 0.5));
    f.op(op.f32x4Mul);
  };
  const rows = [() => f.get(a), half(op.f32x4Add), half(op.f32x4Sub), () => f.get(c)];
  rows.forEach((push, i) => {
    use(i, push);
  });
}
