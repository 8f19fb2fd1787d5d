/** Tensors again and again: tile, repeat. Not in joining.ts, which all programs have. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { AxisOption } from './joining.js';
import { declare, defineOp, invalid, leading, normalizeAxis, type Op } from './support.js';

/** A new axis before `axis`, `count` copies in it, merged with the axis. */
function repeatBlocks(x: Tensor, axis: number, count: number, inner: boolean): Tensor {
  const shape = [...x.shape];
  const at = inner ? axis + 1 : axis;
  shape.splice(at, 0, count);
  const dims = x.shape.map((_, i) => (i < at ? i : i + 1));
  const merged = x.shape.map((size, i) => (i === axis ? size * count : size));
  return prim.reshape(prim.broadcastInDim(x, shape, dims), merged);
}

export interface RepeatsOptions extends AxisOption {
  readonly repeats?: number | readonly number[] | undefined;
}

/** The whole tensor repeated along each axis. */
export const tile: Op<(x: TensorLike, repeats: number | readonly number[] | RepeatsOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Tile', 1, 'numpy', ['repeats']),
    (x: TensorLike, first: number | readonly number[] | RepeatsOptions): Tensor => {
      const { repeats = 1 } = leading<RepeatsOptions>('repeats', first, undefined);
      const counts = [repeats].flat();
      const value = asTensor(x);
      const rank = Math.max(value.shape.length, counts.length);
      const shape = [...new Array<number>(rank - value.shape.length).fill(1), ...value.shape];
      const padded = [...new Array<number>(rank - counts.length).fill(1), ...counts];
      let result = prim.reshape(value, shape);
      padded.forEach((count, axis) => {
        if (count !== 1) result = repeatBlocks(result, axis, count, false);
      });
      return result;
    },
  );

/** Each element repeated; without an axis, of all elements in order. */
export const repeat: Op<(x: TensorLike, repeats: number | RepeatsOptions, options?: AxisOption) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Repeat', 1, 'numpy', ['repeats', 'axis']),
    (x: TensorLike, first: number | RepeatsOptions, options?: AxisOption): Tensor => {
      const { repeats = 1, axis } = leading<RepeatsOptions>('repeats', first, options);
      if (typeof repeats !== 'number') throw invalid('repeat', 'one count per element is not supported', 'a number');
      const value = asTensor(x);
      if (axis === undefined || axis === null) return repeatBlocks(prim.reshape(value, [value.size]), 0, repeats, true);
      return repeatBlocks(value, normalizeAxis(axis, value.shape.length, 'repeat'), repeats, true);
    },
  );
