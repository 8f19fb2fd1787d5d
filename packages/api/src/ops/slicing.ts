/** Parts of tensors: slice, sliceUpdate, getItem. */

import { asTensor, isTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { CeratopsError } from '@ceratops/kernel-registry';
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
    /*#__PURE__*/ declare('Slice', 1, 'core', ['startIndices', 'shape'], { positional: ['startIndices'] }),
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

/** A range or an ellipsis as files hold it, and so the nodes of a graph. */
interface FiledIndex {
  readonly class_name: '__slice__' | '__ellipsis__';
  readonly config: { readonly start?: number | null; readonly stop?: number | null; readonly step?: number | null };
}

type AnyIndex = number | null | FiledIndex;

interface Range {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

const ellipsis: FiledIndex = { class_name: '__ellipsis__', config: {} };

function fileIndex(index: Index | FiledIndex): AnyIndex {
  if (typeof index === 'object' && index !== null && !Object.hasOwn(index, 'class_name'))
    throw notAnIndex(JSON.stringify(index));
  if (typeof index !== 'string') return index;
  if (index.trim() === '...') return ellipsis;
  const parts = index.split(':').map((part) => (part.trim() === '' ? null : Number(part)));
  const [start = null, stop = null, step = null] = parts;
  if (parts.length > 3 || parts.length < 2 || parts.some((part) => part !== null && !Number.isInteger(part))) {
    throw notAnIndex(`'${index}'`);
  }
  return { class_name: '__slice__', config: { start, stop, step } };
}

function fileKey(key: unknown): readonly AnyIndex[] {
  return (Array.isArray(key) ? (key as readonly Index[]) : [key as Index]).map(fileIndex);
}

function notAnIndex(received: string): CeratopsError {
  return invalid('getItem', 'not an index', "a number, a range such as '1:-1' or '::2', '...' or null", received);
}

function rangeOf({ class_name: kind, config }: FiledIndex, size: number): Range {
  const step = config.step ?? 1;
  if (kind !== '__slice__' || step === 0) throw notAnIndex(JSON.stringify(config));
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const limit = (value: number): number => Math.max(low, Math.min(high, value < 0 ? value + size : value));
  const start = limit(config.start ?? (step > 0 ? 0 : size - 1));
  const end = config.stop === undefined || config.stop === null ? (step > 0 ? size : -1) : limit(config.stop);
  return { start, count: Math.max(0, Math.ceil((end - start) / step)), step };
}

/** '...' spelt out. */
function spread(key: readonly AnyIndex[], rank: number): AnyIndex[] {
  const isEllipsis = (index: AnyIndex): boolean => typeof index === 'object' && index?.class_name === '__ellipsis__';
  const at = key.findIndex(isEllipsis);
  const used = key.filter((index) => index !== null && !isEllipsis(index)).length;
  if (used > rank) throw shapeError('getItem', 'too many indices', `at most ${rank}`, `${used}`);
  const fill = new Array<AnyIndex>(rank - used).fill(fileIndex(':'));
  return at === -1 ? [...key, ...fill] : [...key.slice(0, at), ...fill, ...key.slice(at + 1)];
}

/** `x[key]` of NumPy: `getItem(x, [':', -1])`. */
export const getItem: Op<(x: TensorLike, key: Index | readonly Index[]) => Tensor> = /*#__PURE__*/ defineOp(
  { className: 'GetItem', module: 'numpy', tensors: 2, normalize: ([x, key]) => [x, fileKey(key)] },
  (x: TensorLike, key: Index | readonly Index[]): Tensor => {
    const value = asTensor(x);
    const ranges: Range[] = [];
    const shape: number[] = [];
    for (const index of spread(fileKey(key), value.shape.length)) {
      const size = value.shape[ranges.length];
      if (index === null) shape.push(1);
      else if (typeof index === 'number') ranges.push({ start: normalizeIndex(index, size!), count: 1, step: 1 });
      else {
        const range = rangeOf(index, size!);
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
