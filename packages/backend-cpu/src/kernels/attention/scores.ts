/** Walking over a block of products, row by row, as scores: scaled, with the bias, and low where a query does not see a key. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import * as op from '../../wasm/op.js';
import { rangeLoop } from '../affine.js';
import { type AttentionShape, type Extra, scorePitch } from './shape.js';

/** The score of a key that is not seen: far below all others, yet finite, as the composite has it. */
export const unseen: number = -0.7 * 3.4028234663852886e38;

/** Locals of the walk, all but `key` and `columns` moving. Addresses of what the program lacks are never read. */
export interface ScoreBlock {
  /** The products' rows. */
  readonly scores: Local;
  readonly rows: Local;
  /** Number of the first key, and how many. */
  readonly key: Local;
  readonly columns: Local;
  /** Number of the row's query. */
  readonly query: Local;
  /** Of the row: the low score of its hidden keys, its bias, its mask, at the first of all keys. */
  readonly low: Local;
  readonly bias: Local;
  readonly mask: Local;
}

export const scoreBlockParameters = 8;

export function scoreBlockOf(first: Local): ScoreBlock {
  const at = (i: number): Local => first + i;
  return {
    ...{ scores: at(0), rows: at(1), key: at(2), columns: at(3) },
    ...{ query: at(4), low: at(5), bias: at(6), mask: at(7) },
  };
}

/** The vector that the walk is at. */
interface Cursor {
  readonly at: Local;
  readonly bias: Local;
  readonly mask: Local;
  /** Numbers of its keys, and of the row's query. */
  readonly keys: Local;
  readonly query: Local;
  /** Hidden keys' score. */
  readonly low: Local;
}

export class ScoreWalk {
  readonly #f: FunctionWriter;
  readonly #shape: AttentionShape;
  readonly #block: ScoreBlock;
  readonly #cursor: Cursor;
  readonly #end: Local;
  /** All bits set in the lanes of keys that the vector's query sees; undefined where it sees all. */
  readonly visible: Local | undefined;

  constructor(f: FunctionWriter, shape: AttentionShape, block: ScoreBlock) {
    this.#f = f;
    this.#shape = shape;
    this.#block = block;
    const [integer, vector] = [() => f.local('i32'), () => f.local('v128')];
    this.#cursor = {
      ...{ at: integer(), bias: integer(), mask: integer() },
      ...{ keys: vector(), query: vector(), low: vector() },
    };
    this.#end = integer();
    this.visible = shape.causal || shape.mask !== undefined ? vector() : undefined;
  }

  /** Address of the current vector in the block of products. */
  get at(): Local {
    return this.#cursor.at;
  }

  /** Once for each row: `body`, then on to the next one. */
  rows(body: () => void): void {
    const { scores, rows, query, low, bias, mask } = this.#block;
    const f = this.#f;
    f.loop();
    body();
    f.increment(scores, scorePitch);
    f.increment(query, 1);
    f.increment(low, 4);
    f.increment(bias, this.#shape.bias?.query ?? 0);
    f.increment(mask, this.#shape.mask?.query ?? 0);
    f.get(rows);
    f.i32(1);
    f.op(op.i32Sub);
    f.tee(rows);
    f.branchIf(0);
    f.end();
  }

  /** The row's vectors from the first, without their scores. */
  vectors(body: () => void): void {
    this.#begin(3);
    rangeLoop(this.#f, this.at, this.#end, 16, body);
  }

  /**
   * The row's vectors from the first, with their scores on the stack. Lanes behind the last key have the score -∞ if `bounded`, else
   * any.
   */
  scores(bounded: boolean, body: () => void): void {
    const f = this.#f;
    const partial = bounded && this.#shape.keys % 4 !== 0;
    this.#begin(partial ? 0 : 3);
    this.#beginScores();
    rangeLoop(f, this.at, this.#end, 16, () => {
      this.#pushScore();
      body();
      this.#advance();
    });
    if (!partial) return;
    f.get(this.#block.columns);
    f.i32(3);
    f.op(op.i32And);
    f.if();
    this.#pushScore();
    f.splat('f32x4', Number.NEGATIVE_INFINITY);
    f.v128(Uint8Array.from({ length: 16 }, (_, i) => (i < (this.#shape.keys % 4) * 4 ? 0xff : 0)));
    f.op(op.v128Bitselect);
    body();
    f.end();
  }

  /** Up to the end of the vector that `slack` columns more reach into. */
  #begin(slack: number): void {
    const f = this.#f;
    const { scores, columns } = this.#block;
    f.get(scores);
    f.tee(this.at);
    f.get(columns);
    f.i32(slack);
    f.op(op.i32Add);
    f.i32(-4);
    f.op(op.i32And);
    f.i32(4);
    f.op(op.i32Mul);
    f.op(op.i32Add);
    f.set(this.#end);
  }

  #beginScores(): void {
    const f = this.#f;
    const { key, query, low } = this.#block;
    const { bias, mask, causal } = this.#shape;
    if (causal) {
      f.get(key);
      f.op(op.i32x4Splat);
      f.get(
        f.vectorConstant(
          'lanes',
          Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 0 ? i / 4 : 0)),
        ),
      );
      f.op(op.i32x4Add);
      f.set(this.#cursor.keys);
      f.get(query);
      f.op(op.i32x4Splat);
      f.set(this.#cursor.query);
    }
    if (mask !== undefined) {
      f.get(low);
      f.memory(memoryOp.v128Load32Splat);
      f.set(this.#cursor.low);
    } else if (causal) {
      f.splat('f32x4', unseen);
      f.set(this.#cursor.low);
    }
    const start = (extra: Extra | undefined, row: Local, at: Local): void => {
      if (extra === undefined) return;
      f.get(row);
      f.get(key);
      f.i32(extra.key);
      f.op(op.i32Mul);
      f.op(op.i32Add);
      f.set(at);
    };
    start(bias, this.#block.bias, this.#cursor.bias);
    start(mask, this.#block.mask, this.#cursor.mask);
  }

  #advance(): void {
    const f = this.#f;
    const { bias, mask, causal } = this.#shape;
    if (bias !== undefined) f.increment(this.#cursor.bias, bias.key * 4);
    if (mask !== undefined) f.increment(this.#cursor.mask, mask.key * 4);
    if (!causal) return;
    f.get(this.#cursor.keys);
    f.get(f.constant('i32x4', 4));
    f.op(op.i32x4Add);
    f.set(this.#cursor.keys);
  }

  #pushScore(): void {
    const f = this.#f;
    const { scale, bias } = this.#shape;
    this.#setVisible();
    f.get(this.at);
    f.memory(memoryOp.v128Load);
    f.get(f.constant('f32x4', scale));
    f.op(op.f32x4Mul);
    if (bias !== undefined) {
      f.get(this.#cursor.bias);
      f.memory(bias.key === 0 ? memoryOp.v128Load32Splat : memoryOp.v128Load);
      f.op(op.f32x4Add);
    }
    if (this.visible === undefined) return;
    f.get(this.#cursor.low);
    f.get(this.visible);
    f.op(op.v128Bitselect);
  }

  #setVisible(): void {
    if (this.visible === undefined) return;
    const f = this.#f;
    const { mask, causal } = this.#shape;
    if (causal) {
      f.get(this.#cursor.keys);
      f.get(this.#cursor.query);
      f.op(op.i32x4LeS);
    }
    if (mask !== undefined) {
      f.get(this.#cursor.mask);
      f.memory(mask.key === 0 ? memoryOp.i32Load8U : memoryOp.i32Load);
      f.op(op.i32x4Splat);
      if (mask.key !== 0) {
        f.op(op.i16x8ExtendLowI8x16U);
        f.op(op.i32x4ExtendLowI16x8U);
      }
      f.get(f.constant('i32x4', 0));
      f.op(op.i32x4Ne);
      if (causal) f.op(op.v128And);
    }
    f.set(this.visible);
  }
}
