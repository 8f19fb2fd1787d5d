/** Window geometry that convolution and pooling share. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { formatShape } from '../engine/keras-tensor.js';
import { shapeError } from './support.js';

export type DataFormat = 'channels_last' | 'channels_first';
export type PaddingMode = 'valid' | 'same';
export type PaddingPair = readonly [low: number, high: number];

/** One value per spatial axis. */
export function spatialValues(name: string, value: number | readonly number[], rank: number): readonly number[] {
  if (typeof value === 'number') return new Array<number>(rank).fill(value);
  if (value.length === rank) return value;
  if (value.length === 1) return new Array<number>(rank).fill(value[0]!);
  throw shapeError(name, 'one value per spatial axis', `${rank}`, `${value.length}`);
}

/** Padding that keeps ⌈size / stride⌉ positions; the odd element goes after. */
export function samePadding(size: number, window: number, stride: number): PaddingPair {
  const positions = Math.ceil(size / stride);
  const total = Math.max((positions - 1) * stride + window - size, 0);
  const low = Math.floor(total / 2);
  return [low, total - low];
}

/** How many positions a (dilated) window has along an axis; null stays null. */
export function outputSize(
  size: number | null,
  window: number,
  stride: number,
  padding: PaddingMode | 'causal',
): number | null {
  if (size === null) return null;
  if (padding === 'same' || padding === 'causal') return Math.ceil(size / stride);
  return Math.ceil((size - window + 1) / stride);
}

/** @throws SHAPE_MISMATCH when a window is larger than what it slides over. */
export function checkOutputSizes(
  layer: string,
  sizes: readonly (number | null)[],
  input: readonly (number | null)[],
): void {
  if (sizes.every((size) => size === null || size > 0)) return;
  throw new CeratopsError('SHAPE_MISMATCH', 'the window does not fit into the input', {
    subject: layer,
    expected: 'spatial sizes at least as large as the window',
    received: `shape ${formatShape(input)}`,
    remedy: "use a smaller window or padding: 'same'",
  });
}
