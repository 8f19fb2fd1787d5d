/** Scans whose gradients remember less. */
import type { Tensor } from '../tensor/tensor.js';
import { checkpoint } from '../transform/checkpoint.js';
import { scanInChunks } from './chunked-scan.js';
import { lengthOf, type ScanBody, type ScanOptions, type ScanResults, scanOver } from './scan.js';

/**
 * `scan` whose way back keeps the carries of every `every` iterations and computes the rest again, chunk by chunk: memory for
 * length / every + every iterations instead of all of them.
 */
export function checkpointedScan(
  body: ScanBody,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
  every: number,
  options: ScanOptions = {},
): ScanResults {
  const length = lengthOf(elements, options.length);
  const reverse = options.reverse ?? false;
  if (every >= length) return scanOver(body, carries, elements, length, reverse);
  const chunk = checkpoint((given: readonly Tensor[], slices: readonly Tensor[]) =>
    scanOver(body, given, slices, every, reverse),
  );
  const rest = (given: readonly Tensor[], slices: readonly Tensor[], count: number): ScanResults =>
    scanOver(body, given, slices, count, reverse);
  return scanInChunks({ chunk, rest, every, length, reverse }, carries, elements);
}
