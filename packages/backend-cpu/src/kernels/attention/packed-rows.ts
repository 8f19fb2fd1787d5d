/** Keys or values as the panels of a product's right side, transposed: for each group, the rows' elements outermost. */

import type { ModuleWriter } from '../../wasm/module-writer.js';
import { chooseBlocking, type GemmTuning } from '../blocking.js';
import type { Contraction, Dimension } from '../contraction.js';
import type { EmittedKernel } from '../kernel.js';
import { emitPackB, packedColumns } from '../pack-b.js';
import { type AttentionShape, keysPerBlock, type Rows, type Strides } from './shape.js';

export interface PackedRows {
  /** (rows, packed) */
  readonly kernel: EmittedKernel;
  readonly bytes: number;
  readonly strides: Strides;
}

export function emitPackedRows(
  module: ModuleWriter,
  { batch, groups, keys }: AttentionShape,
  { width, stride, strides }: Rows,
  tuning: GemmTuning,
): PackedRows {
  const dimension = (size: number, bytes: number): Dimension => ({ size, a: 0, b: bytes / 4, c: 0 });
  const matrices = [dimension(batch, strides.batch!), dimension(groups, strides.group!)];
  const contraction: Contraction = {
    ...{ batch: matrices, m: [], n: [dimension(keys, stride)], k: [dimension(width, 4)] },
    ...{ aOffset: 0, bOffset: 0, cOffset: 0, swapped: false },
  };
  const { tile } = tuning;
  const panels = Math.ceil(keys / (tile.vectors * 4));
  const blocking = { ...chooseBlocking(contraction, tuning), tile, panels };
  const matrix = packedColumns(blocking) * width * 4;
  return {
    kernel: emitPackB(module, contraction, blocking, matrices),
    bytes: batch * groups * matrix,
    strides: { batch: groups * matrix, group: matrix, keyBlock: keysPerBlock * width * 4 },
  };
}
