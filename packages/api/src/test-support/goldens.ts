/** The training goldens, and the data they were made with. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type Tensor, tensor } from '@ceratops/core';

export interface TrainingCase {
  readonly history: { readonly [name: string]: readonly number[] };
  readonly weights: { readonly [path: string]: readonly number[] };
  readonly prediction: readonly number[];
  readonly evaluate?: { readonly [name: string]: number };
  readonly summary?: string;
  readonly layers?: readonly string[];
  readonly epochs?: readonly number[];
}

const path = fileURLToPath(new URL('../../goldens/training.json.gz', import.meta.url));

export const trainingCases: { readonly [name: string]: TrainingCase } = JSON.parse(
  gunzipSync(readFileSync(path)).toString('utf8'),
).cases;

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Numbers in [-1, 1) by the rule of tools/goldens/training.py. */
export function gridData(shape: readonly number[], step = 7919): Float32Array {
  return Float32Array.from({ length: count(shape) }, (_, i) => ((i * step + 13) % 1000) / 500 - 1);
}

export function grid(shape: readonly number[], step?: number): Tensor {
  return tensor(gridData(shape, step), { shape });
}

/** Class indices by the rule of tools/goldens/training.py. */
export function classes(n: number, count: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => ((i * 5) % 7) % count);
}

/** Integers in [0, limit) by the rule of tools/goldens/training.py. */
export function tokens(shape: readonly number[], limit: number, step = 7919): Tensor {
  const data = Int32Array.from({ length: count(shape) }, (_, i) => ((i * step + 13) % 1000) % limit);
  return tensor(data, { shape });
}

/** The largest |a - b|, over the largest |b| but at least 1. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let scale = 1;
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    scale = Math.max(scale, Math.abs(b[i]!));
    const difference = Math.abs(a[i]! - b[i]!);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst / scale;
}
