import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { sliceAxis } from './splitting.js';
import { declare, defineOp, leading, type Op, scalar, shapeError } from './support.js';

export type PadMode = 'constant' | 'reflect' | 'symmetric';

export interface PadOptions {
  /** One [before, after] per axis, one pair for all, or one number for all. */
  readonly padWidth?: number | readonly number[] | readonly (readonly number[])[] | undefined;
  readonly mode?: PadMode | undefined;
  /** The value of `constant` padding, 0 by default. */
  readonly constantValues?: number | undefined;
}

function padPairs(width: NonNullable<PadOptions['padWidth']>, rank: number): [number, number][] {
  const pair = (value: number | readonly number[]): [number, number] =>
    typeof value === 'number' ? [value, value] : [value[0]!, value[1] ?? value[0]!];
  if (typeof width === 'number') return Array.from({ length: rank }, () => pair(width));
  if (width.every((item) => typeof item === 'number'))
    return Array.from({ length: rank }, () => pair(width as readonly number[]));
  const pairs = width.map(pair);
  if (pairs.length === 1) return Array.from({ length: rank }, () => pairs[0]!);
  if (pairs.length === rank) return pairs;
  throw shapeError('pad', 'wrong number of pad widths', `${rank}`, `${pairs.length}`);
}

/** Elements added around: a constant, or the tensor mirrored at its edge (`symmetric` repeats the edge, `reflect` does not). */
export const pad: Op<
  (x: TensorLike, padWidth: NonNullable<PadOptions['padWidth']> | PadOptions, mode?: PadMode | PadOptions) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Pad', 1, 'numpy', ['padWidth', 'mode', 'constantValues'], {
    keywords: ['constantValues'],
    defaults: { mode: 'constant' },
  }),
  (x: TensorLike, first: NonNullable<PadOptions['padWidth']> | PadOptions, second?: PadMode | PadOptions): Tensor => {
    const {
      padWidth = 0,
      mode = 'constant',
      constantValues = 0,
    } = leading<PadOptions>('padWidth', first, leading<PadOptions>('mode', second, undefined));
    const value = asTensor(x);
    const pairs = padPairs(padWidth, value.shape.length);
    if (mode === 'constant') {
      const low = pairs.map(([before]) => before);
      const high = pairs.map(([, after]) => after);
      return prim.pad(value, scalar(constantValues, value.dtype), low, high);
    }
    return pairs.reduce((padded, pair, axis) => mirror(padded, axis, pair, mode === 'reflect' ? 1 : 0), value);
  },
);

function mirror(x: Tensor, axis: number, [before, after]: readonly [number, number], skip: number): Tensor {
  const size = x.shape[axis]!;
  if (Math.max(before, after) > size - skip) {
    throw shapeError(
      'pad',
      'wider than what it mirrors',
      `at most ${size - skip} on axis ${axis}`,
      `[${before}, ${after}]`,
    );
  }
  const head = prim.reverse(sliceAxis(x, axis, skip, skip + before), [axis]);
  const tail = prim.reverse(sliceAxis(x, axis, size - skip - after, size - skip), [axis]);
  return prim.concatenate([head, x, tail], axis);
}
