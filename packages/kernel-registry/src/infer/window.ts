/** Window arithmetic shared by convolution, reduce_window and select_and_scatter. */

import { argumentError } from './rule.js';

export interface WindowedDimension {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  /** Low and high; negative crops. */
  readonly padding: readonly [number, number];
  readonly baseDilation: number;
  readonly windowDilation: number;
}

/** Size after `factor - 1` holes between neighbours. */
export function dilatedSize(size: number, factor: number): number {
  return size === 0 ? 0 : (size - 1) * factor + 1;
}

/** How many windows fit into one dimension. */
export function windowedSize(dimension: WindowedDimension): number {
  const { size, window, stride, padding, baseDilation, windowDilation } = dimension;
  const padded = padding[0] + dilatedSize(size, baseDilation) + padding[1];
  const extent = dilatedSize(window, windowDilation);
  return padded <= 0 || extent > padded ? 0 : Math.floor((padded - extent) / stride) + 1;
}

export function checkPadding(op: string, padding: readonly (readonly [number, number])[], rank: number): void {
  if (padding.length !== rank || padding.some((pair) => pair.length !== 2 || !pair.every(Number.isInteger))) {
    argumentError(op, 'bad padding', `${rank} pairs of integers`, JSON.stringify(padding));
  }
}
