/**
 * Reductions as loops, for everything that folds many elements into one: reduce, pooling, and dot and convolution where
 * there is no library kernel.
 *
 * Kept dimensions are loops around, reduced ones loops within. Either the last reduced loop is the vector loop (rows:
 * lanes hold partial results) or the last kept one (columns: each lane folds its own element). Long sums are folded in
 * blocks, and blocks of very long ones become items of a kernel of their own; all of it depends on shapes alone, so the
 * number of threads never shows in a result.
 */

import {
  type BinaryOp,
  type DType,
  identityOf,
  isFloating,
  type ReducerOp,
  type Scalar,
  sizeOf,
} from '@ceratops/kernel-registry';
import { type Affine, combine } from '../affine.js';
import type { Operand, StorageId } from '../kernel-builder.js';
import { binaryScalarOp } from '../scalar-ops.js';
import type { LoweringContext } from './context.js';
import { blocking, blockLoop, constants, linear, openLoops } from './loops.js';
import type { ValueEmitter } from './values.js';

/** One folded value. */
export interface FoldState {
  readonly dtype: DType;
  /** How it folds when that is one commutative op. */
  readonly op: ReducerOp | undefined;
}

export interface Reduction {
  readonly name: string;
  /** Number of the fusion group; its members are computed in `element` and `finish`. */
  readonly group: number;
  readonly kept: readonly number[];
  readonly reduced: readonly number[];
  readonly vector: 'kept' | 'reduced';
  /** Scalar operations per element. */
  readonly cost: number;
  /** There is nothing to fold: the results are the initial values. */
  readonly empty: boolean;
  readonly states: readonly FoldState[];
  initial(emitter: ValueEmitter): Operand[];
  /** What is folded in, one per state. */
  element(emitter: ValueEmitter, kept: readonly Affine[], reduced: readonly Affine[]): Operand[];
  /** The fold itself where some state has no `op`. */
  fold(emitter: ValueEmitter, accumulators: readonly Operand[], elements: readonly Operand[]): Operand[];
  /** Stores the results. */
  finish(emitter: ValueEmitter, kept: readonly Affine[], results: readonly Operand[]): void;
}

/** Lengths from which on a sum is folded in blocks of that length. */
const longestRow = 2048;
const longestColumn = 512;
/** Beneath this a block is not worth its join. */
const shortestBlock = 16;
/** A window of so few elements is written out instead of looped over. */
const mostUnrolled = 9;
const mostPartials = 1024;
/** Beneath this, items are cut up. */
export const enoughItems = 16;

export function lowerReduction(context: LoweringContext, reduction: Reduction): void {
  const block = partialBlock(context, reduction);
  if (block === undefined) writeWhole(context, reduction);
  else writeInParts(context, reduction, block);
}

/** How much of the first reduced dimension one partial result takes; undefined when one kernel does. */
function partialBlock({ target }: LoweringContext, reduction: Reduction): number | undefined {
  const { kept, reduced, cost, empty, states } = reduction;
  if (empty || reduced.length === 0 || states.some(({ op }) => op === undefined)) return undefined;
  const keptSize = sizeOf(kept);
  const perStep = keptSize * sizeOf(reduced.slice(1)) * cost;
  const length = reduced[0]!;
  // Rows may all be items, columns go side by side.
  const { items } = blocking(kept, cost * sizeOf(reduced), reduction.vector === 'kept' ? target.itemCost : 0);
  const tooFewItems = items < enoughItems && perStep * length >= 4 * target.itemCost;
  const tooLong = reduction.vector === 'kept' && sizeOf(reduced) > 2 * longestColumn;
  if (!tooFewItems && !tooLong) return undefined;
  const shortest = reduction.vector === 'kept' ? 64 : 1;
  const block = Math.max(shortest, Math.ceil(target.itemCost / perStep), Math.ceil(length / mostPartials));
  const run = runLength(reduction);
  const whole = block > run ? Math.ceil(block / run) * run : block;
  return whole * 2 > length ? undefined : whole;
}

/** How many steps of the first reduced dimension one accumulator takes in. */
function runLength({ reduced, vector }: Reduction): number {
  const longest = vector === 'reduced' ? longestRow : longestColumn;
  return Math.max(1, Math.floor(longest / sizeOf(reduced.slice(1))));
}

function writeWhole(context: LoweringContext, reduction: Reduction): void {
  const { kept, reduced, vector, cost } = reduction;
  const blocks = context.blocks(reduction.group, kept, cost * sizeOf(reduced), vector === 'kept' ? undefined : 1);
  context.kernel(reduction.name, reduction.group, (emitter) => {
    openLoops(emitter.builder, kept, blocks, vector === 'kept', (coordinates) => {
      const fold = new Fold(emitter, reduction, coordinates);
      fold.loops(reduced, []);
      reduction.finish(emitter, coordinates, fold.results());
    });
    return { ...blocks, rowElements: undefined };
  });
}

/** A kernel that folds blocks of the first reduced dimension, then one that folds the partial results. */
function writeInParts(context: LoweringContext, reduction: Reduction, block: number): void {
  const { kept, reduced, states } = reduction;
  const [length, ...rest] = reduced as [number, ...number[]];
  const parts = Math.ceil(length / block);
  const keptSize = sizeOf(kept);
  const partials = states.map(({ dtype }) => context.scratch(wide(dtype), parts * keptSize));
  const space = [parts, ...kept];
  const blocks = blocking(space, reduction.cost * block * sizeOf(rest), context.target.itemCost);
  context.kernel(`${reduction.name}_partial`, reduction.group, (emitter) => {
    const { builder } = emitter;
    openLoops(builder, space, blocks, reduction.vector === 'kept', ([part, ...coordinates]) => {
      const fold = new Fold(emitter, reduction, coordinates);
      fold.part(part!, block);
      const at = linear([part!, ...coordinates], space);
      fold.partials().forEach((operand, i) => {
        builder.store(partials[i]!, wide(states[i]!.dtype), parts * keptSize, at, operand);
      });
    });
    return { ...blocks, rowElements: undefined };
  });
  writeWhole(context, joining(reduction, partials, parts));
}

/** The reduction over the partial results. */
function joining(reduction: Reduction, partials: readonly StorageId[], parts: number): Reduction {
  const { kept, states } = reduction;
  const keptSize = sizeOf(kept);
  return {
    ...reduction,
    reduced: [parts],
    vector: keptSize === 1 ? 'reduced' : 'kept',
    cost: 1,
    element: ({ builder }, coordinates, [part]) => {
      const at = combine(0, [part!, linear(coordinates, kept)], [keptSize, 1]);
      return states.map(({ dtype }, i) => builder.load(partials[i]!, wide(dtype), parts * keptSize, at));
    },
  };
}

/** Partial results of small floats keep their float32 digits. */
function wide(dtype: DType): DType {
  return dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
}

interface Accumulator {
  readonly name: string;
  read(): Operand;
}

/** The accumulators of one reduction and how elements get into them. */
class Fold {
  readonly #emitter: ValueEmitter;
  readonly #reduction: Reduction;
  readonly #kept: readonly Affine[];
  readonly #initial: Operand[];
  #accumulators: readonly Accumulator[];

  constructor(emitter: ValueEmitter, reduction: Reduction, kept: readonly Affine[]) {
    this.#emitter = emitter;
    this.#reduction = reduction;
    this.#kept = kept;
    this.#initial = reduction.initial(emitter);
    this.#accumulators = this.#fresh();
  }

  get #byOps(): boolean {
    return this.#reduction.states.every(({ op }) => op !== undefined);
  }

  #fresh(): Accumulator[] {
    const { builder } = this.#emitter;
    return this.#reduction.states.map(({ dtype, op }, i) => {
      const start = this.#byOps ? builder.constant(dtype, identityOf(op!, dtype)) : this.#initial[i]!;
      return builder.mutable(dtype, start);
    });
  }

  /** Folds part number `part` of the first reduced dimension, which is cut into parts of `block`. */
  part(part: Affine, block: number): void {
    const { builder } = this.#emitter;
    const [length, ...rest] = this.#reduction.reduced as [number, ...number[]];
    const vector = rest.length === 0 && this.#reduction.vector === 'reduced';
    const run = Math.min(block, runLength(this.#reduction));
    const runs = block / run;
    builder.loop(runs, false, (number) => {
      this.#joined(runs > 1 && this.#rounds, () => {
        const at = combine(0, [part, number], [runs, 1]);
        blockLoop(builder, at, run, length, vector, (first) => this.loops(rest, [first]));
      });
    });
  }

  /** Folds all elements of the dimensions `extents`, which follow those of `outer`. */
  loops(extents: readonly number[], outer: readonly Affine[]): void {
    if (this.#reduction.empty) return;
    const [extent, ...inner] = extents;
    if (extent === undefined) {
      this.#foldIn(outer);
      return;
    }
    if (this.#reduction.vector === 'kept' && sizeOf(extents) <= mostUnrolled) {
      for (const coordinate of constants(extent)) this.loops(inner, [...outer, coordinate]);
      return;
    }
    if (inner.length === 0) {
      this.#lastLoop(extent, outer);
      return;
    }
    this.#emitter.builder.loop(extent, false, (coordinate) => this.loops(inner, [...outer, coordinate]));
  }

  /** The innermost loop; long sums get an accumulator per block, and one per run of it when it has outer loops. */
  #lastLoop(extent: number, outer: readonly Affine[]): void {
    const { builder } = this.#emitter;
    const vector = this.#reduction.vector === 'reduced';
    const body = (coordinate: Affine): void => this.#foldIn([...outer, coordinate]);
    const longest = vector ? longestRow : longestColumn;
    if (!this.#rounds || extent <= longest) {
      const shortest = vector ? longestRow / shortestBlock : shortestBlock;
      const apart = this.#rounds && outer.length > 0 && extent >= shortest;
      this.#joined(apart, () => builder.loop(extent, vector, body));
      return;
    }
    builder.loop(Math.ceil(extent / longest), false, (block) => {
      this.#joined(true, () => blockLoop(builder, block, longest, extent, vector, body));
    });
  }

  /** Whether the order of folding shows in the result. */
  get #rounds(): boolean {
    return this.#byOps && this.#reduction.states.some(({ dtype, op }) => isFloating(dtype) && roundingOps.has(op!));
  }

  #foldIn(reduced: readonly Affine[]): void {
    const elements = this.#reduction.element(this.#emitter, this.#kept, reduced);
    if (this.#byOps) {
      this.#accumulators.forEach(({ name }, i) => {
        this.#emitter.builder.accumulate(name, this.#scalarOp(i), elements[i]!);
      });
      return;
    }
    const current = this.#accumulators.map((accumulator) => accumulator.read());
    const next = this.#reduction.fold(this.#emitter, current, elements);
    this.#accumulators.forEach(({ name }, i) => {
      this.#emitter.builder.assign(name, next[i]!);
    });
  }

  /** Runs `body` with accumulators of its own and folds them into the present ones after it. */
  #joined(apart: boolean, body: () => void): void {
    if (!apart) {
      body();
      return;
    }
    const outer = this.#accumulators;
    const inner = this.#fresh();
    this.#accumulators = inner;
    body();
    this.#accumulators = outer;
    outer.forEach(({ name }, i) => {
      this.#emitter.builder.accumulate(name, this.#scalarOp(i), inner[i]!.read());
    });
  }

  #scalarOp(i: number): BinaryOp {
    const { op, dtype } = this.#reduction.states[i]!;
    return binaryScalarOp(op!, dtype);
  }

  partials(): Operand[] {
    return this.#accumulators.map((accumulator) => accumulator.read());
  }

  results(): Operand[] {
    if (!this.#byOps) return this.partials();
    return this.partials().map((partial, i) => {
      const { dtype, op } = this.#reduction.states[i]!;
      const initial = this.#initial[i]!;
      if (isConstant(initial, identityOf(op!, dtype))) return partial;
      return this.#emitter.builder.binary(this.#scalarOp(i), dtype, initial, partial);
    });
  }
}

const roundingOps: ReadonlySet<ReducerOp> = new Set<ReducerOp>(['add', 'multiply']);

export function isConstant({ expression }: Operand, value: Scalar): boolean {
  return expression.kind === 'constant' && Object.is(Number(expression.value), Number(value));
}
