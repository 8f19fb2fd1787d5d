/** Scans whose gradients remember less. */
import type { Tensor } from '../tensor/tensor.js';
import { checkpoint } from '../transform/checkpoint.js';
import { concatenate, reshape, slice } from './movement.js';
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
  const chunks = Math.floor(length / every);
  const rest = length - chunks * every;
  const cut = reverse ? rest : length - rest;
  const part = (from: number, to: number): Tensor[] => elements.map((element) => sliceInFirst(element, from, to));
  const inChunks = (initial: readonly Tensor[]): ScanResults => {
    const whole = reverse ? part(cut, length) : part(0, cut);
    const grouped = whole.map((element) => reshape(element, [chunks, every, ...element.shape.slice(1)]));
    const chunk = checkpoint((given: readonly Tensor[], slices: readonly Tensor[]) =>
      scanOver(body, given, slices, every, reverse),
    );
    const [final, stacks, last] = scanOver(chunk, initial, grouped, chunks, reverse);
    return [final, stacks.map((stack) => reshape(stack, [chunks * every, ...stack.shape.slice(2)])), last];
  };
  if (rest === 0) return inChunks(carries);
  const [middle, first] = inChunks(carries);
  const remaining = reverse ? part(0, cut) : part(cut, length);
  const [final, second, last] = scanOver(body, middle, remaining, rest, reverse);
  const joined = first.map((stack, i) => concatenate(reverse ? [second[i]!, stack] : [stack, second[i]!], 0));
  return [final, joined, last];
}

function sliceInFirst(x: Tensor, from: number, to: number): Tensor {
  const start = x.shape.map(() => 0);
  return slice(x, [from, ...start.slice(1)], [to, ...x.shape.slice(1)]);
}
