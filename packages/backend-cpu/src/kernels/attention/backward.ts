/**
 * Gradients of attention: a block of keys meets the blocks of queries that see it, and their probabilities are found again from the rows'
 * log-sums. Every row of a result belongs to one item, so that threads share nothing and add in one order.
 */

import type { FunctionIndex, FunctionWriter, Local } from '../../wasm/function-writer.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { rangeLoop } from '../affine.js';
import type { GemmTuning } from '../blocking.js';
import type { EmittedKernel } from '../kernel.js';
import { emitAddToBias } from './bias-gradient.js';
import { call, localAt } from './calls.js';
import { emitCopyRows, emitZeroRows, pitchOf } from './copy-rows.js';
import {
  type Digit,
  type Digits,
  decodeItem,
  digitNames,
  digitSizes,
  newDigits,
  pushAddress,
  setKeys,
  setQueries,
} from './digits.js';
import { emitSeesNothing } from './hidden-keys.js';
import type { PackedRows } from './packed-rows.js';
import { type BlockProduct, type EmittedProduct, emitProduct } from './products.js';
import { Scratch } from './scratch.js';
import { type AttentionShape, keysPerBlock, queriesPerBlock, type Rows, type Strides, scorePitch } from './shape.js';
import { emitSlopes } from './slopes.js';

/** Which gradients a kernel computes, and in which items. */
export interface Pass {
  readonly name: string;
  /** The digits of an item; the others are looped over, keys outside queries. */
  readonly items: readonly Digit[];
  readonly query: boolean;
  readonly keyAndValue: boolean;
  readonly bias: boolean;
}

/** The kernel's addresses, in this order. What a program or a pass lacks is any address. */
export const backwardBuffers = [
  'query',
  'key',
  'cotangent',
  'packedKeys',
  'packedValues',
  'logSums',
  'delta',
  'hidden',
  'bias',
  'mask',
  'queryGradient',
  'keyGradient',
  'valueGradient',
  'biasGradient',
] as const;

export type BackwardBuffer = (typeof backwardBuffers)[number];

interface Work {
  readonly f: FunctionWriter;
  readonly shape: AttentionShape;
  readonly pass: Pass;
  readonly base: Readonly<Record<BackwardBuffer, Local>>;
  readonly digits: Digits;
  readonly firstQuery: Local;
  readonly queryCount: Local;
  readonly firstKey: Local;
  readonly keyCount: Local;
  readonly hidden: Local;
}

/** Emits code at one place of the nest of loops. */
type Emit = (work: Work) => void;

export function emitBackward(
  module: ModuleWriter,
  shape: AttentionShape,
  pass: Pass,
  packed: { readonly keys: PackedRows; readonly values: PackedRows },
  tuning: GemmTuning,
): EmittedKernel {
  const memory = new Scratch();
  const f = module.function(
    pass.name,
    Array.from({ length: 3 + backwardBuffers.length }, () => 'i32' as const),
    [],
  );
  const [item, end, scratch] = [0, 1, 2];
  const base = Object.fromEntries(backwardBuffers.map((name, i) => [name, 3 + i])) as Record<BackwardBuffer, Local>;
  const place = (bytes: number): Local => localAt(f, scratch, memory.take(bytes));
  const parts = emitParts(module, shape, pass, packed, tuning, f, place);
  const digits = newDigits(f);
  const local = (): Local => f.local('i32');
  const work: Work = {
    ...{ f, shape, pass, base, digits, firstQuery: local(), queryCount: local(), firstKey: local() },
    ...{ keyCount: local(), hidden: local() },
  };
  const sizes = digitSizes(shape);
  const nest = (depth: number): void => {
    const digit = digitNames[depth];
    if (digit === undefined) {
      parts.pair(work);
      return;
    }
    const inside = (): void => {
      if (digit === 'keyBlock') parts.keys(work);
      nest(depth + 1);
    };
    if (pass.items.includes(digit)) {
      inside();
      return;
    }
    const limit = f.local('i32');
    f.i32(sizes[digit]);
    f.set(limit);
    f.i32(0);
    f.set(digits[digit]);
    rangeLoop(f, digits[digit], limit, 1, inside);
  };
  rangeLoop(f, item, end, 1, () => {
    decodeItem(f, item, pass.items, sizes, digits);
    nest(0);
  });
  const pairs = digitNames.reduce((count, digit) => count * (pass.items.includes(digit) ? 1 : sizes[digit]), 1);
  const { query, value } = shape;
  return {
    function: f.index,
    items: pass.items.reduce((count, digit) => count * sizes[digit], 1),
    costPerItem:
      (pairs *
        Math.min(queriesPerBlock, shape.queries) *
        Math.min(keysPerBlock, shape.keys) *
        (query.width + value.width)) /
      2,
    scratchBytes: memory.bytes,
  };
}

/** Emits the functions of a pass, and gives what calls them: once for a block of keys, once for each block of queries with it. */
function emitParts(
  module: ModuleWriter,
  shape: AttentionShape,
  pass: Pass,
  packed: { readonly keys: PackedRows; readonly values: PackedRows },
  tuning: GemmTuning,
  f: FunctionWriter,
  place: (bytes: number) => Local,
): { readonly keys: Emit; readonly pair: Emit } {
  const { query, key, value, output, queries, keys } = shape;
  const ofQueries = { rows: queries, rowsPerBlock: queriesPerBlock };
  const ofKeys = { rows: keys, rowsPerBlock: keysPerBlock };
  const product = (block: BlockProduct): EmittedProduct & { readonly table: Local } => {
    const emitted = emitProduct(module, block, tuning);
    const table = place(emitted.tableBytes);
    emitted.fillTable(f, table);
    return { ...emitted, table };
  };
  const against = (name: string, rows: Rows) =>
    product({ name, a: pitchOf(rows), transposed: false, b: undefined, c: scorePitch, ...ofQueries, columns: keys });
  const overQueries = (name: string, { width, stride }: Rows, from: Rows) =>
    product({ name, a: scorePitch, transposed: true, b: pitchOf(from), c: stride, ...ofKeys, columns: width });
  const copied = (rows: Rows, most: number): { readonly at: Local; readonly copy: FunctionIndex } => ({
    at: place(most * pitchOf(rows)),
    copy: emitCopyRows(module, rows),
  });
  const [scores, slopes] = [place(queriesPerBlock * scorePitch), place(queriesPerBlock * scorePitch)];
  const [queryRows, cotangentRows] = [copied(query, queriesPerBlock), copied(output, queriesPerBlock)];
  const [scoreProduct, slopeProduct] = [against('scores', query), against('slopes', output)];
  const setSlopes = emitSlopes(module, shape, !pass.bias, tuning.relaxed);
  const onKeys: Emit[] = [];
  const onPair: Emit[] = [];
  if (pass.query) {
    const keyRows = copied(key, keysPerBlock);
    const { function: multiply, table } = product({
      ...{ name: 'queryGradient', a: scorePitch, transposed: false, b: pitchOf(key), c: query.stride },
      ...{ ...ofQueries, columns: query.width },
    });
    onKeys.push(({ base, digits, keyCount }) => {
      f.get(keyRows.at);
      pushAddress(f, base.key, digits, key.strides);
      call(f, keyRows.copy, keyCount);
    });
    onPair.push(({ base, digits, queryCount, keyCount }) => {
      f.get(slopes);
      f.get(keyRows.at);
      pushAddress(f, base.queryGradient, digits, query.strides);
      f.get(queryCount);
      f.i32(query.width);
      // The first block of keys, which every query meets, does not add.
      call(f, multiply, keyCount, digits.keyBlock, table);
    });
  }
  if (pass.keyAndValue) {
    // No query meets the last keys, if there are more of them than queries, and nothing else would write their gradients.
    const unmet = shape.causal && keys > queries;
    const started = f.local('i32');
    onKeys.push(() => {
      f.i32(unmet ? 1 : 0);
      f.set(started);
    });
    const gradient = (
      name: 'keyGradient' | 'valueGradient',
      rows: Rows,
      weights: Local,
      from: Rows,
      fromAt: Local,
    ): void => {
      const { function: multiply, table } = overQueries(name, rows, from);
      if (unmet) {
        const clear = emitZeroRows(module, rows);
        onKeys.push(({ base, digits, keyCount }) => {
          pushAddress(f, base[name], digits, rows.strides);
          call(f, clear, keyCount);
        });
      }
      onPair.push(({ base, digits, queryCount, keyCount }) => {
        f.get(weights);
        f.get(fromAt);
        pushAddress(f, base[name], digits, rows.strides);
        f.get(keyCount);
        f.i32(rows.width);
        call(f, multiply, queryCount, started, table);
      });
    };
    gradient('valueGradient', value, scores, output, cotangentRows.at);
    gradient('keyGradient', key, slopes, query, queryRows.at);
    onPair.push(() => {
      f.i32(1);
      f.set(started);
    });
  }
  if (pass.bias) {
    const add = emitAddToBias(module, shape.bias!);
    onPair.push(({ base, digits, queryCount, firstKey, keyCount }) => {
      f.get(slopes);
      pushAddress(f, base.biasGradient, digits, shape.bias!.strides);
      call(f, add, firstKey, queryCount, keyCount);
    });
  }
  const seesNothing = shape.causal && shape.mask !== undefined ? emitSeesNothing(module) : undefined;

  const multiplyBlock = (
    { base, digits, queryCount, keyCount }: Work,
    multiply: EmittedProduct & { readonly table: Local },
    rows: Local,
    columns: 'packedKeys' | 'packedValues',
    strides: Strides,
    target: Local,
    width: number,
  ): void => {
    f.get(rows);
    pushAddress(f, base[columns], digits, strides);
    for (const local of [target, queryCount, keyCount]) f.get(local);
    f.i32(width);
    f.i32(0);
    call(f, multiply.function, multiply.table);
  };

  const pair: Emit = (work) => {
    const { base, digits, firstQuery, queryCount, firstKey, keyCount, hidden } = work;
    setQueries(f, shape, digits, firstQuery, queryCount);
    pushAddress(f, base.hidden, digits, shape.perQuery);
    f.set(hidden);
    if (shape.causal) {
      pushMeets(work, seesNothing);
      f.if();
    }
    for (const [{ at, copy }, from, strides] of [
      [queryRows, base.query, query.strides],
      [cotangentRows, base.cotangent, output.strides],
    ] as const) {
      f.get(at);
      pushAddress(f, from, digits, strides);
      call(f, copy, queryCount);
    }
    multiplyBlock(work, scoreProduct, queryRows.at, 'packedKeys', packed.keys.strides, scores, query.width);
    multiplyBlock(work, slopeProduct, cotangentRows.at, 'packedValues', packed.values.strides, slopes, value.width);
    for (const local of [scores, queryCount, firstKey, keyCount, firstQuery, hidden]) f.get(local);
    pushAddress(f, base.bias, digits, shape.bias?.strides ?? {});
    pushAddress(f, base.mask, digits, shape.mask?.strides ?? {});
    f.get(slopes);
    pushAddress(f, base.logSums, digits, shape.perQuery);
    pushAddress(f, base.delta, digits, shape.perQuery);
    f.call(setSlopes);
    for (const emit of onPair) emit(work);
    if (shape.causal) f.end();
  };
  return {
    keys: (work) => {
      setKeys(f, shape, work.digits, work.firstKey, work.keyCount);
      for (const emit of onKeys) emit(work);
    },
    pair,
  };
}

/** Pushes whether the block of queries has to do with the block of keys. */
function pushMeets(
  { f, firstQuery, queryCount, firstKey, hidden }: Work,
  seesNothing: FunctionIndex | undefined,
): void {
  f.get(firstQuery);
  f.get(queryCount);
  f.op(op.i32Add);
  f.get(firstKey);
  f.op(op.i32GtU);
  if (seesNothing === undefined) return;
  call(f, seesNothing, hidden, queryCount);
  f.op(op.i32Or);
}
