/** Which queries see no key at all: their scores are 0, of keys that they do not see too, where those of others are low. */

import type { FunctionIndex } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { pushAtMost, pushScaled, rangeLoop } from '../affine.js';
import type { EmittedKernel } from '../kernel.js';
import { type Digit, decodeItem, digitSizes, newDigits, pushAddress, setQueries } from './digits.js';
import { unseen } from './scores.js';
import { type AttentionShape, type Extra, queriesPerBlock } from './shape.js';

const items: readonly Digit[] = ['batch', 'group', 'head', 'queryBlock'];

/** Emits the kernel (mask, table): the score of each query's hidden keys. */
export function emitHiddenScores(module: ModuleWriter, shape: AttentionShape, mask: Extra): EmittedKernel {
  const f = module.function('hiddenScores', ['i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [item, end, , maskBase, tableBase] = [0, 1, 2, 3, 4];
  const sizes = digitSizes(shape);
  const digits = newDigits(f);
  const [row, target, query, last, at, keyEnd] = Array.from({ length: 6 }, () => f.local('i32'));
  rangeLoop(f, item!, end!, 1, () => {
    decodeItem(f, item!, items, sizes, digits);
    setQueries(f, shape, digits, query!, last!);
    f.get(last!);
    f.get(query!);
    f.op(op.i32Add);
    f.set(last!);
    pushAddress(f, maskBase!, digits, mask.strides);
    f.set(row!);
    pushAddress(f, tableBase!, digits, shape.perQuery);
    f.set(target!);
    rangeLoop(f, query!, last!, 1, () => {
      f.get(target!);
      f.f32(0);
      f.memory(memoryOp.f32Store);
      f.get(row!);
      f.tee(at!);
      if (mask.key === 0) f.i32(1);
      else if (shape.causal) {
        f.get(query!);
        pushAtMost(f, 1, shape.keys);
      } else f.i32(shape.keys);
      f.op(op.i32Add);
      f.set(keyEnd!);
      rangeLoop(f, at!, keyEnd!, 1, () => {
        f.get(at!);
        f.memory(memoryOp.i32Load8U);
        f.if();
        f.get(target!);
        f.f32(unseen);
        f.memory(memoryOp.f32Store);
        f.branch(2);
        f.end();
      });
      f.increment(row!, mask.query);
      f.increment(target!, 4);
    });
  });
  const { batch, group, head, queryBlock } = sizes;
  return {
    function: f.index,
    items: batch * group * head * queryBlock,
    costPerItem: queriesPerBlock * 8,
    scratchBytes: 0,
  };
}

/** Emits `seesNothing(table, rows)`: 1 where any of the rows sees no key. */
export function emitSeesNothing(module: ModuleWriter): FunctionIndex {
  const f = module.function('seesNothing', ['i32', 'i32'], ['i32']);
  const [at, end] = [0, 1];
  f.get(at);
  f.get(end);
  pushScaled(f, 4);
  f.op(op.i32Add);
  f.set(end);
  rangeLoop(f, at, end, 4, () => {
    f.get(at);
    f.memory(memoryOp.i32Load);
    f.op(op.i32Eqz);
    f.if();
    f.i32(1);
    f.op(op.return);
    f.end();
  });
  f.i32(0);
  return f.index;
}
