/** What the ops share: reading options, axes, float promotion, literals. Not part of the public API. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { CeratopsError, type DType, dtypes, type Shape } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { defineOp, type Op, type OpDeclaration } from '../engine/operation.js';
import { isPlainObject } from '../engine/table.js';

export type { Op } from '../engine/operation.js';
export { defineOp } from '../engine/operation.js';

/** One axis, several, or all (null). Negative axes count from the end. */
export type Axis = number | readonly number[] | null;

export type Unary = (x: TensorLike) => Tensor;
export type Binary = (x1: TensorLike, x2: TensorLike) => Tensor;

/** The first defaulted argument may be given alone or inside the options: both as one options object. */
export function leading<O extends object>(name: keyof O, first: unknown, options: O | undefined): O {
  if (first === undefined) return options ?? ({} as O);
  if (isPlainObject(first)) return first as O;
  return { ...options, [name]: first } as O;
}

export function invalid(
  subject: string,
  problem: string,
  expected?: string,
  received?: string,
  remedy?: string,
): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', problem, { subject, expected, received, remedy });
}

export function shapeError(subject: string, problem: string, expected?: string, received?: string): CeratopsError {
  return new CeratopsError('SHAPE_MISMATCH', problem, { subject, expected, received });
}

/** @throws SHAPE_MISMATCH for an axis that the rank does not have. */
export function normalizeAxis(axis: number, rank: number, subject: string): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(normal) && normal >= 0 && normal < rank) return normal;
  throw shapeError(subject, 'axis out of range', `-${rank} ≤ axis < ${rank}`, String(axis));
}

/** Distinct non-negative axes in increasing order; null means all. */
export function normalizeAxes(axis: Axis | undefined, rank: number, subject: string): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axis === 'number' ? [axis] : axis;
  const normal = list.map((value) => normalizeAxis(value, rank, subject)).sort((a, b) => a - b);
  if (new Set(normal).size === normal.length) return normal;
  throw shapeError(subject, 'an axis is given twice', undefined, `[${list.join(', ')}]`);
}

/** Integers and booleans as the default float; floats as they are. */
export function toFloat(x: TensorLike): Tensor {
  const tensor = asTensor(x);
  const { kind } = dtypes[tensor.dtype];
  return kind === 'float' || kind === 'complex' ? tensor : prim.convert(tensor, floatx());
}

export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : prim.convert(x, dtype);
}

/** A literal of x's type in every element. */
export function literal(x: { readonly dtype: DType; readonly shape: Shape }, value: number): Tensor {
  return prim.constant(value, { dtype: x.dtype, shape: x.shape });
}

/** -|x| with gradient 0 at 0, where that of abs is 1 in JAX. */
export function negativeSize(x: Tensor): Tensor {
  return prim.minimum(x, prim.negate(x));
}

/** A literal scalar. */
export function scalar(value: number | boolean, dtype: DType): Tensor {
  return prim.constant(value, { dtype, shape: [] });
}

/** An elementwise op on tensors of any dtype. */
export function unary(className: string, fn: (x: Tensor) => Tensor, module = 'numpy'): Op<Unary> {
  return defineOp(declare(className, 1, module), (x: TensorLike) => fn(asTensor(x)));
}

/** An elementwise op that computes in floats: integers are converted first. */
export function floatUnary(className: string, fn: (x: Tensor) => Tensor, module = 'numpy'): Op<Unary> {
  return defineOp(declare(className, 1, module), (x: TensorLike) => fn(toFloat(x)));
}

export function declare(
  className: string,
  tensors: number,
  module = 'numpy',
  options: readonly string[] = [],
  more?: Pick<OpDeclaration, 'defaults' | 'positional' | 'keywords' | 'normalize'>,
): OpDeclaration {
  const keys = Object.fromEntries(options.map((name) => [name, snake(name)]));
  return { className, module, tensors, options: keys, ...more };
}

/** As Keras spells an option. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
