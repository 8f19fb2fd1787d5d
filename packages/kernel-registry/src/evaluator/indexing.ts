/** Index arithmetic. Most ops are "these offsets of the operand become those offsets of the result". */

import { isComplex } from '../dtype.js';
import { type Shape, sizeOf } from '../tensor-type.js';
import type { Tensor } from './tensor.js';

/** `offset + Σ index · stride` for every index of `shape`, in row-major order. */
export function offsetsOf(shape: Shape, strides: readonly number[], offset = 0): Int32Array {
  const offsets = new Int32Array(sizeOf(shape));
  if (offsets.length === 0) return offsets;
  offsets[0] = offset;
  // Each axis, innermost first, repeats what is there with its stride added.
  let filled = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    for (let step = 1; step < shape[axis]!; step++) {
      for (let i = 0; i < filled; i++) offsets[step * filled + i] = offsets[i]! + step * strides[axis]!;
    }
    filled *= shape[axis]!;
  }
  return offsets;
}

/** Moves `index` to its successor in row-major order; false after the last one. */
export function advance(index: number[], shape: Shape): boolean {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = index[axis]! + 1;
    if (index[axis]! < shape[axis]!) return true;
    index[axis] = 0;
  }
  return false;
}

export function pick<T>(values: readonly T[], axes: readonly number[]): T[] {
  return axes.map((axis) => values[axis]!);
}

/** 0 … rank-1 without `excluded`. */
export function remainingAxes(rank: number, ...excluded: readonly (readonly number[])[]): number[] {
  const without = new Set(excluded.flat());
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !without.has(axis));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Copies element `from` of `source` to element `to` of `target`. */
export function copyElement(source: Tensor, from: number, target: Tensor, to: number): void {
  if (isComplex(source.type.dtype)) {
    target.data[2 * to] = source.data[2 * from]!;
    target.data[2 * to + 1] = source.data[2 * from + 1]!;
  } else {
    target.data[to] = source.data[from]!;
  }
}
