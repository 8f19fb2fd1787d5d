/** Ops that take tensors apart along an axis, and turn them: split, unstack, flip, roll. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { AxisOption } from './joining.js';
import type { AxisOptions } from './shape-ops.js';
import { type Axis, declare, defineOp, leading, normalizeAxes, normalizeAxis, type Op, shapeError } from './support.js';

export interface SplitOptions extends AxisOption {
  readonly indicesOrSections?: number | readonly number[] | undefined;
}

/** Into equal parts, or at the given indices. */
export const split: Op<
  (x: TensorLike, indicesOrSections: number | readonly number[] | SplitOptions, axis?: number | AxisOption) => Tensor[]
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Split', 1, 'numpy', ['indicesOrSections', 'axis'], { defaults: { axis: 0 } }),
  (x: TensorLike, first: number | readonly number[] | SplitOptions, second?: number | AxisOption): Tensor[] => {
    const options = leading<SplitOptions>('indicesOrSections', first, leading<AxisOption>('axis', second, undefined));
    const { indicesOrSections = 1, axis = 0 } = options;
    const value = asTensor(x);
    const along = normalizeAxis(axis, value.shape.length, 'split');
    const size = value.shape[along]!;
    const cuts = typeof indicesOrSections === 'number' ? evenCuts(size, indicesOrSections) : indicesOrSections;
    const edges = [0, ...cuts.map((cut) => Math.min(cut, size)), size];
    return edges.slice(1).map((end, i) => sliceAxis(value, along, edges[i]!, end));
  },
);

function evenCuts(size: number, sections: number): number[] {
  if (size % sections !== 0)
    throw shapeError('split', 'the parts would differ', `a divisor of ${size}`, `${sections} sections`);
  return Array.from({ length: sections - 1 }, (_, i) => ((i + 1) * size) / sections);
}

/** One tensor per index of an axis, without that axis. */
export const unstack: Op<(x: TensorLike, options?: AxisOption) => Tensor[]> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Unstack', 1, 'core', ['axis'], { defaults: { axis: 0, num: null } }),
  (x: TensorLike, { axis = 0 }: AxisOption = {}): Tensor[] => {
    const value = asTensor(x);
    const along = normalizeAxis(axis, value.shape.length, 'unstack');
    const shape = value.shape.filter((_, i) => i !== along);
    return Array.from({ length: value.shape[along]! }, (_, i) =>
      prim.reshape(sliceAxis(value, along, i, i + 1), shape),
    );
  },
);

/** Order reversed along axes (all by default). */
export const flip: Op<(x: TensorLike, axis?: Axis | AxisOptions) => Tensor> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Flip', 1, 'numpy', ['axis']),
  (x: TensorLike, first?: Axis | AxisOptions): Tensor => {
    const { axis } = leading<AxisOptions>('axis', first, undefined);
    const value = asTensor(x);
    return prim.reverse(value, normalizeAxes(axis, value.shape.length, 'flip'));
  },
);

export interface RollOptions {
  readonly shift?: number | undefined;
  readonly axis?: number | null | undefined;
}

/** Shifted along an axis, what falls off coming back at the other end; without an axis, over all elements in order. */
export const roll: Op<(x: TensorLike, shift: number | RollOptions, options?: RollOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Roll', 1, 'numpy', ['shift', 'axis']),
    (x: TensorLike, first: number | RollOptions, options?: RollOptions): Tensor => {
      const { shift = 0, axis } = leading<RollOptions>('shift', first, options);
      const value = asTensor(x);
      if (axis === null || axis === undefined) {
        return prim.reshape(rotate(prim.reshape(value, [value.size]), shift, 0), value.shape);
      }
      return rotate(value, shift, normalizeAxis(axis, value.shape.length, 'roll'));
    },
  );

function rotate(x: Tensor, shift: number, axis: number): Tensor {
  const size = x.shape[axis]!;
  const cut = size === 0 ? 0 : (((size - shift) % size) + size) % size;
  if (cut === 0) return x;
  return prim.concatenate([sliceAxis(x, axis, cut, size), sliceAxis(x, axis, 0, cut)], axis);
}

/** Elements start … limit-1 of one axis. */
export function sliceAxis(x: Tensor, axis: number, start: number, limit: number): Tensor {
  return prim.slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((size, i) => (i === axis ? limit : size)),
  );
}
