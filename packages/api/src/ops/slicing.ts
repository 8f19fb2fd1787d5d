/** Parts of tensors: slice, sliceUpdate, getItem. */

import { asTensor, isTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { castTo, declare, defineOp, invalid, leading, normalizeAxis, type Op, scalar, shapeError } from './support.js';

/** Where a slice starts: numbers, or scalar integer tensors known only when the program runs. */
export type Starts = readonly (number | Tensor)[];

export interface SliceOptions {
  readonly startIndices?: Starts | undefined;
  readonly shape?: readonly number[] | undefined;
}

function startScalars(starts: Starts): Tensor[] {
  return starts.map((start) => (isTensor(start) ? castTo(start, 'int32') : scalar(start, 'int32')));
}

/** The part of the given shape that begins at `startIndices`; starts are clamped so that it fits. */
export const slice: Op<(x: TensorLike, startIndices: Starts | SliceOptions, shape?: readonly number[]) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Slice', 1, 'core', ['startIndices', 'shape']),
    (x: TensorLike, first: Starts | SliceOptions, second?: readonly number[]): Tensor => {
      const options = leading<SliceOptions>('startIndices', first, { shape: second });
      const value = asTensor(x);
      const { startIndices: starts = [], shape: sizes = [] } = options;
      checkRank('slice', value.shape.length, starts.length, sizes.length);
      if (starts.some(isTensor)) return prim.dynamicSlice(value, startScalars(starts), sizes);
      const from = starts.map((start, axis) =>
        Math.max(0, Math.min(start as number, value.shape[axis]! - sizes[axis]!)),
      );
      return prim.slice(
        value,
        from,
        from.map((start, axis) => start + sizes[axis]!),
      );
    },
  );

function checkRank(subject: string, rank: number, ...lengths: readonly number[]): void {
  const wrong = lengths.find((length) => length !== rank);
  if (wrong !== undefined) throw shapeError(subject, 'one start and one size per axis', `${rank}`, `${wrong}`);
}

/** `inputs` with the part that begins at `startIndices` replaced by `updates`. */
export const sliceUpdate: Op<(inputs: TensorLike, startIndices: Starts, updates: TensorLike) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('SliceUpdate', 3, 'core'),
    (inputs: TensorLike, startIndices: Starts, updates: TensorLike): Tensor => {
      const value = asTensor(inputs);
      checkRank('sliceUpdate', value.shape.length, startIndices.length);
      return prim.dynamicUpdateSlice(value, castTo(asTensor(updates), value.dtype), startScalars(startIndices));
    },
  );

/**
 * One index of `x[…]`: a number drops the axis, `':'`, `'1:'`, `':-1'`, `'::2'` keep a range of it, `'...'` stands for all
 * axes not named, null adds one.
 */
export type Index = number | string | null;

export interface IndexOptions {
  readonly key?: Index | readonly Index[] | undefined;
}

interface Range {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

function parseRange(text: string, size: number): Range {
  const parts = text.split(':').map((part) => part.trim());
  const numbers = parts.map((part) => (part === '' ? undefined : Number(part)));
  const step = numbers[2] ?? 1;
  if (parts.length > 3 || parts.length < 2 || numbers.some(Number.isNaN) || !Number.isInteger(step) || step === 0) {
    throw invalid('getItem', 'not an index', "a number, a range such as '1:-1' or '::2', '...' or null", `'${text}'`);
  }
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const limit = (value: number): number => Math.max(low, Math.min(high, value < 0 ? value + size : value));
  const start = numbers[0] === undefined ? (step > 0 ? 0 : size - 1) : limit(numbers[0]);
  const end = numbers[1] === undefined ? (step > 0 ? size : -1) : limit(numbers[1]);
  return { start, count: Math.max(0, Math.ceil((end - start) / step)), step };
}

/** '...' spelt out. */
function spread(key: readonly Index[], rank: number): Index[] {
  const at = key.indexOf('...');
  const used = key.filter((index) => index !== null && index !== '...').length;
  if (used > rank) throw shapeError('getItem', 'too many indices', `at most ${rank}`, `${used}`);
  const fill = new Array<Index>(rank - used).fill(':');
  return at === -1 ? [...key, ...fill] : [...key.slice(0, at), ...fill, ...key.slice(at + 1)];
}

/** `x[key]` of NumPy: `getItem(x, [':', -1])`. */
export const getItem: Op<(x: TensorLike, key: Index | readonly Index[] | IndexOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('GetItem', 1, 'numpy', ['key']),
    (x: TensorLike, first: Index | readonly Index[] | IndexOptions): Tensor => {
      const { key = ':' } = first === null ? { key: [null] } : leading<IndexOptions>('key', first, undefined);
      const value = asTensor(x);
      const list = Array.isArray(key) ? (key as readonly Index[]) : [key as Index];
      const ranges: Range[] = [];
      const shape: number[] = [];
      for (const index of spread(list, value.shape.length)) {
        const size = value.shape[ranges.length];
        if (index === null) shape.push(1);
        else if (typeof index === 'number') ranges.push({ start: normalizeIndex(index, size!), count: 1, step: 1 });
        else {
          const range = parseRange(index, size!);
          ranges.push(range);
          shape.push(range.count);
        }
      }
      return prim.reshape(takeRanges(value, ranges), shape);
    },
  );

function normalizeIndex(index: number, size: number): number {
  return normalizeAxis(index, size, 'getItem');
}

function takeRanges(x: Tensor, ranges: readonly Range[]): Tensor {
  const first = ranges.map(({ start, count, step }) => (step > 0 ? start : start + (count - 1) * step));
  const part = prim.slice(
    x,
    first.map((start) => Math.max(0, start)),
    ranges.map(({ count, step }, i) =>
      count === 0 ? Math.max(0, first[i]!) : first[i]! + (count - 1) * Math.abs(step) + 1,
    ),
    ranges.map(({ step }) => Math.abs(step)),
  );
  const reversed = ranges.flatMap(({ step }, axis) => (step < 0 ? [axis] : []));
  return reversed.length === 0 ? part : prim.reverse(part, reversed);
}
