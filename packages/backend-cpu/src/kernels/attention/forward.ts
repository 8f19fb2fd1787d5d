/**
 * Attention by blocks: a block of queries meets one block of keys after the other, and only a block of scores is ever in memory (Dao et
 * al., FlashAttention, 2022; the running maximum as in Milakov and Gimelshein, Online normalizer calculation for softmax, 2018).
 */

import type { FunctionIndex, FunctionWriter, Local } from '../../wasm/function-writer.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushAtMost, rangeLoop } from '../affine.js';
import type { GemmTuning } from '../blocking.js';
import type { EmittedKernel } from '../kernel.js';
import { call, localAt } from './calls.js';
import { emitCopyRows, pitchOf } from './copy-rows.js';
import { type Digit, decodeItem, digitSizes, newDigits, pushAddress, setKeys, setQueries } from './digits.js';
import { emitSeesNothing } from './hidden-keys.js';
import type { PackedRows } from './packed-rows.js';
import { emitProduct } from './products.js';
import { Scratch } from './scratch.js';
import { type AttentionShape, keyBlocks, keysPerBlock, queriesPerBlock, scorePitch } from './shape.js';
import { emitBegin, emitFinish, emitSoftmax, statisticsBytes } from './softmax.js';

const items: readonly Digit[] = ['batch', 'group', 'head', 'queryBlock'];

/** Emits the kernel (query, packed keys, value, output, log-sums, hidden scores, bias, mask); what is not there is any address. */
export function emitForward(
  module: ModuleWriter,
  shape: AttentionShape,
  packedKeys: PackedRows,
  tuning: GemmTuning,
): EmittedKernel {
  const { query, value, output, queries, keys, causal, mask } = shape;
  const pitch = pitchOf(value);
  const sizes = digitSizes(shape);
  const rowsOf = { rows: queries, rowsPerBlock: queriesPerBlock };
  const products = emitProduct(
    module,
    {
      ...{ name: 'scores', a: query.stride, transposed: false, b: undefined, c: scorePitch },
      ...{ ...rowsOf, columns: keys },
    },
    tuning,
  );
  const means = emitProduct(
    module,
    { name: 'means', a: scorePitch, transposed: false, b: pitch, c: pitch, ...rowsOf, columns: value.width },
    tuning,
  );
  const copyRows = emitCopyRows(module, value);
  const begin = emitBegin(module);
  const softmax = emitSoftmax(module, shape, pitch, tuning.relaxed);
  const finish = emitFinish(module, shape, pitch, tuning.relaxed);
  const seesNothing = causal && mask !== undefined ? emitSeesNothing(module) : undefined;

  const f = module.function(
    'attention',
    Array.from({ length: 11 }, () => 'i32' as const),
    [],
  );
  const [item, end, scratch, queryBase, keyBase, valueBase, outputBase, sumsBase, hiddenBase, biasBase, maskBase] =
    Array.from({ length: 11 }, (_, i) => i) as [Local, ...Local[]];
  const memory = new Scratch();
  const place = (bytes: number): Local => localAt(f, scratch!, memory.take(bytes));
  const scores = place(queriesPerBlock * scorePitch);
  const rows = place(keysPerBlock * pitch);
  const sums = place(queriesPerBlock * pitch);
  const statistics = place(queriesPerBlock * statisticsBytes);
  const [productsTable, meansTable] = [place(products.tableBytes), place(means.tableBytes)];
  products.fillTable(f, productsTable);
  means.fillTable(f, meansTable);

  const digits = newDigits(f);
  const [firstQuery, queryCount, firstKey, keyCount, keyEnd, hidden] = Array.from({ length: 6 }, () =>
    f.local('i32'),
  ) as [Local, ...Local[]];
  rangeLoop(f, item, end!, 1, () => {
    decodeItem(f, item, items, sizes, digits);
    setQueries(f, shape, digits, firstQuery, queryCount!);
    pushAddress(f, hiddenBase!, digits, shape.perQuery);
    f.set(hidden!);
    call(f, begin, statistics, queryCount!);
    f.i32(0);
    f.set(digits.keyBlock);
    pushKeyEnd(f, shape, seesNothing, hidden!, firstQuery, queryCount!);
    f.set(keyEnd!);
    rangeLoop(f, digits.keyBlock, keyEnd!, 1, () => {
      setKeys(f, shape, digits, firstKey!, keyCount!);
      pushAddress(f, queryBase!, digits, query.strides);
      pushAddress(f, keyBase!, digits, packedKeys.strides);
      for (const local of [scores, queryCount!, keyCount!]) f.get(local);
      f.i32(query.width);
      f.i32(0);
      call(f, products.function, productsTable);
      for (const local of [scores, queryCount!, firstKey!, keyCount!, firstQuery, hidden!]) f.get(local);
      pushAddress(f, biasBase!, digits, shape.bias?.strides ?? {});
      pushAddress(f, maskBase!, digits, mask?.strides ?? {});
      call(f, softmax, statistics, sums);
      f.get(rows);
      pushAddress(f, valueBase!, digits, value.strides);
      call(f, copyRows, keyCount!);
      for (const local of [scores, rows, sums, queryCount!]) f.get(local);
      f.i32(value.width);
      call(f, means.function, keyCount!, digits.keyBlock, meansTable);
    });
    for (const local of [statistics, queryCount!, sums]) f.get(local);
    pushAddress(f, outputBase!, digits, output.strides);
    pushAddress(f, sumsBase!, digits, shape.perQuery);
    f.call(finish);
  });
  return {
    function: f.index,
    items: items.reduce((count, digit) => count * sizes[digit], 1),
    costPerItem: (queriesPerBlock * keys * (query.width + value.width + 16)) / 4,
    scratchBytes: memory.bytes,
  };
}

/** Pushes how many blocks of keys the queries see. */
function pushKeyEnd(
  f: FunctionWriter,
  shape: AttentionShape,
  seesNothing: FunctionIndex | undefined,
  hidden: Local,
  firstQuery: Local,
  queryCount: Local,
): void {
  const all = keyBlocks(shape);
  if (!shape.causal) {
    f.i32(all);
    return;
  }
  if (seesNothing !== undefined) {
    call(f, seesNothing, hidden, queryCount);
    f.if('i32');
    f.i32(all);
    f.else();
  }
  f.get(firstQuery);
  f.get(queryCount);
  f.op(op.i32Add);
  f.i32(keysPerBlock - 1);
  f.op(op.i32Add);
  f.i32(keysPerBlock);
  f.op(op.i32DivU);
  pushAtMost(f, 0, all);
  if (seesNothing !== undefined) f.end();
}
