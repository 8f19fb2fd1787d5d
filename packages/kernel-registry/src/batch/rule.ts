/**
 * What a batching rule is: how an op runs on many values at once. A mapped value has one more dimension, in front, of the size of the
 * batch; all others are the same for the whole batch.
 */
import type { Emitter, Value } from '../builder.js';
import { broadcastInDim, reshape, slice } from '../emit/movement.js';
import { CeratopsError } from '../errors.js';
import type { OpAttributes, OpName } from '../opset.js';
import type { Program } from '../program.js';
import type { Shape } from '../tensor-type.js';

export interface Batched {
  readonly value: Value;
  readonly mapped: boolean;
}

export interface BatchContext<O extends OpName = OpName> {
  readonly emitter: Emitter;
  readonly attributes: OpAttributes[O];
  /** At least one is mapped. */
  readonly operands: readonly Batched[];
  readonly size: number;
  /** Runs a region on batched values, in another emitter if given. */
  run(program: Program, operands: readonly Batched[], emitter?: Emitter): Batched[];
}

export type BatchRule<O extends OpName = OpName> = (context: BatchContext<O>) => readonly Batched[];

/** Rules of some ops, by name. */
export type BatchRules<K extends OpName = OpName> = { readonly [O in K]: BatchRule<O> };

export function mapped(values: readonly Value[]): Batched[] {
  return values.map((value) => ({ value, mapped: true }));
}

/** Shape of one item. */
export function itemShape({ value, mapped: isMapped }: Batched): Shape {
  return isMapped ? value.type.shape.slice(1) : value.type.shape;
}

/** The value with the batch's dimension, repeated along it where it is the same for all. */
export function spread(emitter: Emitter, { value, mapped: isMapped }: Batched, size: number): Value {
  if (isMapped) return value;
  const { shape } = value.type;
  return broadcastInDim(
    emitter,
    value,
    [size, ...shape],
    shape.map((_, axis) => axis + 1),
  );
}

/** The axes one further back. */
export function shifted(axes: readonly number[]): number[] {
  return axes.map((axis) => axis + 1);
}

/** The same op with the same attributes on operands that all have the batch's dimension. */
export function together<O extends OpName>(op: O): BatchRule<O> {
  return ({ emitter, attributes, operands, size }) =>
    mapped(
      emitter.emit(
        op,
        operands.map((operand) => spread(emitter, operand, size)),
        attributes,
      ),
    );
}

/** The same op with attributes for one more dimension. */
export function withAttributes<O extends OpName>(
  op: O,
  adapt: (attributes: OpAttributes[O], size: number) => OpAttributes[O],
): BatchRule<O> {
  return ({ emitter, attributes, operands, size }) =>
    mapped(
      emitter.emit(
        op,
        operands.map((operand) => spread(emitter, operand, size)),
        adapt(attributes, size),
      ),
    );
}

/** Each item by itself, the results put together: what always works. */
export function oneByOne<O extends OpName>(op: O, { emitter, attributes, operands, size }: BatchContext<O>): Batched[] {
  const item = ({ value, mapped: isMapped }: Batched, i: number): Value => {
    if (!isMapped) return value;
    const { shape } = value.type;
    const zeros = shape.map(() => 0);
    const ones = shape.map(() => 1);
    const row = slice(emitter, value, [i, ...zeros.slice(1)], [i + 1, ...shape.slice(1)], ones);
    return reshape(emitter, row, shape.slice(1));
  };
  const results = Array.from({ length: size }, (_, i) =>
    emitter.emit(
      op,
      operands.map((operand) => item(operand, i)),
      attributes,
    ),
  );
  const row = (value: Value): Value => reshape(emitter, value, [1, ...value.type.shape]);
  const joined = (k: number): readonly Value[] =>
    emitter.emit(
      'concatenate',
      results.map((values) => row(values[k]!)),
      { dimension: 0 },
    );
  return mapped(results[0]!.flatMap((_, k) => joined(k)));
}

export function unbatched(op: OpName, why: string, remedy: string): CeratopsError {
  return new CeratopsError('UNSUPPORTED', why, { subject: `batching of ${op}`, remedy });
}
