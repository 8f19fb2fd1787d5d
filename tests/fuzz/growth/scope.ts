/** What growths work with: the values so far, and values of any type made from them. */

import {
  type DType,
  dtypes,
  type Emitter,
  isFloating,
  type Shape,
  sameShape,
  sizeOf,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import type { Draw } from '../draw.js';

export interface Scope {
  readonly emitter: Emitter;
  readonly draw: Draw;
  /** Values to grow from, the newest last. */
  readonly pool: readonly Value[];
  /** 0 in the program itself, more in its regions. */
  readonly depth: number;
  /** Most elements that a value may have. */
  readonly largest: number;
}

/** Makes values from `value` and others of the scope; none where it does not apply. */
export type Growth = (scope: Scope, value: Value) => readonly Value[];

export function kindOf({ type }: Value): string {
  return dtypes[type.dtype].kind;
}

export function isFloat({ type }: Value): boolean {
  return isFloating(type.dtype);
}

export function axesOf({ type }: Value): number[] {
  return type.shape.map((_, axis) => axis);
}

export const floats: readonly DType[] = ['float32', 'float64', 'float16', 'bfloat16'];
export const integers: readonly DType[] = ['int32', 'int8', 'int16', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'];

/** float32 and int32 most often. */
export function randomDType(draw: Draw): DType {
  if (draw.once(2)) return 'float32';
  if (draw.once(3)) return 'int32';
  return draw.pick<DType>([...floats, ...integers, 'bool']);
}

/** A dimension: small, odd, one, as wide as vectors, now and then nothing. */
export function randomSize(draw: Draw): number {
  if (draw.once(40)) return 0;
  if (draw.once(6)) return 1;
  return draw.once(4) ? draw.pick([7, 8, 9, 16, 17, 31, 33]) : draw.between(2, 6);
}

export function randomShape(draw: Draw, largest: number): number[] {
  const shape = Array.from({ length: draw.pick([0, 1, 1, 2, 2, 2, 3, 3, 4]) }, () => randomSize(draw));
  while (sizeOf(shape) > largest) shape.pop();
  return shape;
}

/** A value mostly of the newest ones, so that chains grow long. */
export function recent({ draw, pool }: Scope, fits: (value: Value) => boolean = () => true): Value | undefined {
  const fitting = pool.filter(fits);
  if (fitting.length === 0) return undefined;
  return fitting[Math.max(0, fitting.length - 1 - draw.below(draw.once(2) ? 3 : fitting.length))];
}

/** The elements of `value` in another shape: repeated or cut. */
export function fitted({ emitter: e }: Scope, value: Value, shape: Shape): Value {
  if (sameShape(value.type.shape, shape)) return value;
  const [have, need] = [sizeOf(value.type.shape), sizeOf(shape)];
  if (have === need) return emit.reshape(e, value, shape);
  if (have === 0) return emit.fill(e, tensorType(value.type.dtype, shape), 1);
  const flat = emit.reshape(e, value, [have]);
  const copies = Math.ceil(need / have);
  const repeated =
    copies <= 1 ? flat : emit.reshape(e, emit.broadcastInDim(e, flat, [copies, have], [1]), [copies * have]);
  return emit.reshape(e, emit.slice(e, repeated, [0], [need]), shape);
}

/** Some value of the type, made from one of the pool. */
export function valueOfType(scope: Scope, type: TensorType): Value {
  const { emitter: e, draw } = scope;
  const ofType = recent(scope, (value) => value.type.dtype === type.dtype);
  const source = ofType ?? recent(scope);
  if (source === undefined || draw.once(20)) return emit.fill(e, type, draw.below(2));
  const some = fitted(scope, source, type.shape);
  return some.type.dtype === type.dtype ? some : emit.convert(e, tamed(scope, some), type.dtype);
}

/** A partner of the same type: one of the pool if there is one. */
export function partnerOf(scope: Scope, value: Value): Value {
  const { dtype, shape } = value.type;
  const same = recent(scope, ({ type }) => type.dtype === dtype && sameShape(type.shape, shape));
  return same !== undefined && !scope.draw.once(4) ? same : valueOfType(scope, value.type);
}

/** Floats brought into a small range: products of products would leave the range of their dtype. */
export function tamed({ emitter: e, draw }: Scope, value: Value): Value {
  if (!isFloat(value)) return value;
  if (draw.once(2)) return emit.tanh(e, value);
  const bound = (limit: number): Value => emit.constantLike(e, value, limit);
  return emit.minimum(e, emit.maximum(e, value, bound(-8)), bound(8));
}

/** Scalar integers in and about [0, size), some of them known only at run time. */
export function scalarIndex(scope: Scope, size: number, dtype: DType = 'int32'): Value {
  const { emitter: e, draw } = scope;
  const known = emit.fill(e, tensorType(dtype, []), draw.between(dtypes[dtype].kind === 'uint' ? 0 : -2, size + 1));
  const atRunTime = scope.pool.find(({ type }) => type.dtype === 'int32' && type.shape.length === 0);
  if (atRunTime === undefined || draw.once(3)) return known;
  return emit.add(e, known, emit.convert(e, atRunTime, dtype));
}
