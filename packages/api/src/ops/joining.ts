/** Putting tensors together along a new axis, and taking them apart: stack, split, unstack. */

import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { sliceAxis } from './shape-ops.js';
import { castTo, declare, defineOp, leading, normalizeAxis, type Op, shapeError } from './support.js';

export interface AxisOption {
  readonly axis?: number | undefined;
}

export function toOneType(xs: readonly TensorLike[]): Tensor[] {
  const tensors = xs.map((x) => asTensor(x));
  const dtype = promoteTypes(...tensors.map((x) => x.dtype));
  return tensors.map((x) => castTo(x, dtype));
}

export type Join = (xs: readonly TensorLike[], axis?: number | AxisOption) => Tensor;

/** Joined along a new axis (0 by default). */
export const stack: Op<Join> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Stack', 1, 'numpy', ['axis'], { defaults: { axis: 0 } }),
  (xs: readonly TensorLike[], first?: number | AxisOption): Tensor => {
    const { axis = 0 } = leading<AxisOption>('axis', first, undefined);
    const tensors = toOneType(xs);
    if (tensors.length === 0) throw shapeError('stack', 'nothing to join', 'one tensor or more', '[]');
    const at = normalizeAxis(axis, tensors[0]!.shape.length + 1, 'stack');
    const widened = tensors.map((x) => prim.reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]));
    return prim.concatenate(widened, at);
  },
);

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
