/** Where a work item is: the batch, the group of keys, the head in it, the blocks of queries and of keys. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';
import { pushAtMost, pushScaled } from '../affine.js';
import { type AttentionShape, keyBlocks, keysPerBlock, queriesPerBlock, queryBlocks, type Strides } from './shape.js';

export type Digit = keyof Strides;
export type Digits = Readonly<Record<Digit, Local>>;

export const digitNames: readonly Digit[] = ['batch', 'group', 'keyBlock', 'head', 'queryBlock'];

export function digitSizes(shape: AttentionShape): Readonly<Record<Digit, number>> {
  const { batch, groups, heads } = shape;
  return { batch, group: groups, head: heads, queryBlock: queryBlocks(shape), keyBlock: keyBlocks(shape) };
}

export function newDigits(f: FunctionWriter): Digits {
  return Object.fromEntries(digitNames.map((digit) => [digit, f.local('i32')])) as Record<Digit, Local>;
}

/** Sets `among`, outermost first, from an item's number. */
export function decodeItem(
  f: FunctionWriter,
  item: Local,
  among: readonly Digit[],
  sizes: Readonly<Record<Digit, number>>,
  digits: Digits,
): void {
  const rest = f.local('i32');
  f.get(item);
  f.set(rest);
  for (const digit of [...among].reverse()) {
    f.get(rest);
    f.i32(sizes[digit]);
    f.op(op.i32RemU);
    f.set(digits[digit]);
    f.get(rest);
    f.i32(sizes[digit]);
    f.op(op.i32DivU);
    f.set(rest);
  }
  f.release('i32', rest);
}

/** Pushes base + Σ digit · stride. */
export function pushAddress(f: FunctionWriter, base: Local, digits: Digits, strides: Strides): void {
  f.get(base);
  for (const digit of digitNames) {
    const stride = strides[digit] ?? 0;
    if (stride === 0) continue;
    f.get(digits[digit]);
    pushScaled(f, stride);
    f.op(op.i32Add);
  }
}

/** Sets the first query of the block and how many there are. */
export function setQueries(
  f: FunctionWriter,
  { queries }: AttentionShape,
  digits: Digits,
  first: Local,
  count: Local,
): void {
  setRange(f, digits.queryBlock, queriesPerBlock, queries, first, count);
}

/** Sets the first key of the block and how many there are. */
export function setKeys(f: FunctionWriter, { keys }: AttentionShape, digits: Digits, first: Local, count: Local): void {
  setRange(f, digits.keyBlock, keysPerBlock, keys, first, count);
}

function setRange(f: FunctionWriter, block: Local, size: number, all: number, first: Local, count: Local): void {
  f.get(block);
  pushScaled(f, size);
  f.tee(first);
  pushAtMost(f, size, all);
  f.get(first);
  f.op(op.i32Sub);
  f.set(count);
}
