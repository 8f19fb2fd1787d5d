/** sort as a stable bottom-up merge sort of every row, with one scratch copy of the operands. */

import type { Instruction, ValueId } from '@ceratops/kernel-registry';
import { type Affine, combine } from '../affine.js';
import type { KernelBuilder, Operand, StorageId } from '../kernel-builder.js';
import type { Expression } from '../loop-ir.js';
import type { LoweringContext } from './context.js';
import { emitRegion } from './elementwise.js';
import { blocking, openLoops } from './loops.js';
import { seed } from './regions.js';

export function lowerSort(context: LoweringContext, instruction: Instruction<'sort'>, first: ValueId): void {
  const { operands, attributes, results } = instruction;
  const { shape } = results[0]!;
  const size = context.fusion.graph.sizes[first]!;
  operands.forEach((operand, i) => {
    seed(context, operand, context.storageOf(first + i));
  });
  const length = shape[attributes.dimension] ?? 1;
  if (length < 2 || size === 0) return;
  const inner = shape.slice(attributes.dimension + 1).reduce((a, b) => a * b, 1);
  const extents = [size / length / inner, inner].filter((extent) => extent !== 1);
  const cost = length * Math.ceil(Math.log2(length)) * 12 * results.length;
  const blocks = blocking(extents, cost, context.target.itemCost);
  const scratch = results.map(({ dtype }) => context.scratch(dtype, size));
  const kept = results.map((_, i) => context.storageOf(first + i));
  context.kernel('sort', -1, ({ builder }) => {
    openLoops(builder, extents, blocks, false, (coordinates) => {
      const scales = extents.length === 2 ? [length * inner, 1] : [inner === 1 ? length : 1];
      const base = combine(0, coordinates, scales.slice(0, extents.length));
      new RowSort(builder, instruction, { kept, scratch, size, base, stride: inner, length }).write();
    });
    return { ...blocks, rowElements: undefined };
  });
}

interface Row {
  readonly kept: readonly StorageId[];
  readonly scratch: readonly StorageId[];
  /** Elements of every storage. */
  readonly size: number;
  readonly base: Affine;
  readonly stride: number;
  readonly length: number;
}

interface Counter {
  readonly name: string;
  read(): Operand;
}

class RowSort {
  readonly #builder: KernelBuilder;
  readonly #instruction: Instruction<'sort'>;
  readonly #row: Row;

  constructor(builder: KernelBuilder, instruction: Instruction<'sort'>, row: Row) {
    this.#builder = builder;
    this.#instruction = instruction;
    this.#row = row;
  }

  write(): void {
    const b = this.#builder;
    const { length } = this.#row;
    const width = b.mutable('index', b.index(1));
    b.repeat(less(width, b.index(length)), () => {
      const low = b.mutable('index', b.index(0));
      b.repeat(less(low, b.index(length)), () => {
        const middle = this.#capped(low.read(), width.read());
        const high = this.#capped(middle, width.read());
        this.#merge(low.read(), middle, high);
        b.assign(low.name, high);
      });
      this.#copyBack();
      b.assign(width.name, b.binary('add', 'index', width.read(), width.read()));
    });
  }

  #capped(start: Operand, step: Operand): Operand {
    const b = this.#builder;
    return b.binary('minimum', 'index', b.binary('add', 'index', start, step), b.index(this.#row.length));
  }

  /** Merges the sorted runs [low, middle) and [middle, high) into the scratch. */
  #merge(low: Operand, middle: Operand, high: Operand): void {
    const b = this.#builder;
    const left = b.mutable('index', low);
    const right = b.mutable('index', middle);
    const out = b.mutable('index', low);
    b.repeat(less(out, high), () => {
      const last = b.index(this.#row.length - 1);
      const lefts = this.#elements(b.binary('minimum', 'index', left.read(), last));
      const rights = this.#elements(b.binary('minimum', 'index', right.read(), last));
      const pairs = rights.flatMap((operand, i) => [operand, lefts[i]!]);
      const [before] = emitRegion(b, this.#instruction.attributes.comparator, pairs);
      const leftEnded = b.compare('GE', left.read(), middle);
      const rightLeft = b.compare('LT', right.read(), high);
      const takesRight = b.binary('and', 'bool', rightLeft, b.binary('or', 'bool', leftEnded, before!));
      const at = this.#at(out.read());
      this.#instruction.results.forEach(({ dtype }, i) => {
        const value = b.select(takesRight, rights[i]!, lefts[i]!);
        b.store(this.#row.scratch[i]!, dtype, this.#row.size, at, value);
      });
      const step = b.convert('index', takesRight);
      const nextRight = b.binary('add', 'index', right.read(), step);
      const nextLeft = b.binary('add', 'index', left.read(), b.binary('subtract', 'index', b.index(1), step));
      b.assign(right.name, nextRight);
      b.assign(left.name, nextLeft);
      b.assign(out.name, b.binary('add', 'index', out.read(), b.index(1)));
    });
  }

  #copyBack(): void {
    const b = this.#builder;
    const { base, stride, length, scratch, kept, size } = this.#row;
    b.loop(length, true, (coordinate) => {
      const at = combine(0, [base, coordinate], [1, stride]);
      this.#instruction.results.forEach(({ dtype }, i) => {
        b.store(kept[i]!, dtype, size, at, b.loadNow(scratch[i]!, dtype, size, at));
      });
    });
  }

  #elements(position: Operand): Operand[] {
    const at = this.#at(position);
    return this.#instruction.results.map(({ dtype }, i) =>
      this.#builder.loadNow(this.#row.kept[i]!, dtype, this.#row.size, at),
    );
  }

  #at(position: Operand): Affine {
    const { base, stride, length } = this.#row;
    return combine(0, [base, this.#builder.variable(position, length)], [1, stride]);
  }
}

function less(counter: Counter, limit: Operand): Expression {
  return { kind: 'compare', type: 'bool', op: 'LT', left: counter.read().expression, right: limit.expression };
}
