/** Scans over chunks of iterations: what loops have in common that remember less, or run several iterations at a time. */
import type { Tensor } from '../tensor/tensor.js';
import { concatenate, reshape, slice } from './movement.js';
import { type ScanBody, type ScanResults, scanOver } from './scan.js';

export interface Chunks {
  /** `every` iterations, over elements of that length. */
  readonly chunk: ScanBody;
  /** The `count` iterations that are left when no chunk fits any more. */
  readonly rest: (carries: readonly Tensor[], elements: readonly Tensor[], count: number) => ScanResults;
  readonly every: number;
  /** Of all iterations, at least `every`. */
  readonly length: number;
  readonly reverse: boolean;
}

export function scanInChunks(
  { chunk, rest, every, length, reverse }: Chunks,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
): ScanResults {
  const chunks = Math.floor(length / every);
  const left = length - chunks * every;
  const cut = reverse ? left : length - left;
  const part = (from: number, to: number): Tensor[] => elements.map((element) => sliceInFirst(element, from, to));
  const inChunks = (initial: readonly Tensor[]): ScanResults => {
    const whole = reverse ? part(cut, length) : part(0, cut);
    const grouped = whole.map((element) => reshape(element, [chunks, every, ...element.shape.slice(1)]));
    const [final, stacks, last] = scanOver(chunk, initial, grouped, chunks, reverse);
    return [final, stacks.map((stack) => reshape(stack, [chunks * every, ...stack.shape.slice(2)])), last];
  };
  if (left === 0) return inChunks(carries);
  const [middle, first] = inChunks(carries);
  const remaining = reverse ? part(0, cut) : part(cut, length);
  const [final, second, last] = rest(middle, remaining, left);
  const joined = first.map((stack, i) => concatenate(reverse ? [second[i]!, stack] : [stack, second[i]!], 0));
  return [final, joined, last];
}

function sliceInFirst(x: Tensor, from: number, to: number): Tensor {
  const start = x.shape.map(() => 0);
  return slice(x, [from, ...start.slice(1)], [to, ...x.shape.slice(1)]);
}
