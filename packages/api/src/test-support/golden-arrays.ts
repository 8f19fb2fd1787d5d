/** Reads the goldens that tools/goldens/api makes with Python Keras, and compares tensors with them. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Tensor, tensor } from '@ceratops/core';
import { type DType, dtypes, type HostArray } from '@ceratops/kernel-registry';
import { expect } from 'vitest';

/** An array as the scripts write it: base64 of its little-endian bytes. */
export interface GoldenArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: string;
}

/** The cases of `packages/api/goldens/<group>.json.gz`. */
export function readGoldens<Case>(group: string): Case[] {
  const bytes = readFileSync(new URL(`../../goldens/${group}.json.gz`, import.meta.url));
  const document = JSON.parse(gunzipSync(bytes).toString('utf8')) as { keras: string; cases: Case[] };
  expect(document.keras).toBe('3.15.1');
  return document.cases;
}

function hostArray({ dtype, data }: GoldenArray): HostArray {
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  return new dtypes[dtype].host(bytes.buffer, 0, bytes.byteLength / dtypes[dtype].host.BYTES_PER_ELEMENT);
}

export function toTensor(array: GoldenArray): Tensor {
  return tensor(hostArray(array), { dtype: array.dtype, shape: array.shape });
}

export function isGoldenArray(value: unknown): value is GoldenArray {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'data' in value && 'shape' in value;
}

/** Largest distance of finite elements relative to the largest finite reference; infinite where specials differ. */
function distance(actual: HostArray, expected: HostArray): number {
  let difference = 0;
  let scale = 0;
  expected.forEach((value: number | bigint, i: number) => {
    const [a, b] = [Number(actual[i]), Number(value)];
    if (!Number.isFinite(b) || !Number.isFinite(a)) {
      if (!Object.is(a, b)) difference = Number.POSITIVE_INFINITY;
      return;
    }
    difference = Math.max(difference, Math.abs(a - b));
    scale = Math.max(scale, Math.abs(b));
  });
  return difference === 0 ? 0 : difference / scale;
}

/** ‖actual - expected‖∞ ≤ tolerance · ‖expected‖∞ and the same dtype and shape; integers and booleans exactly. */
export async function expectClose(
  actual: Tensor,
  expected: GoldenArray,
  what: string,
  tolerance = 1e-5,
): Promise<void> {
  expect(`${what} ${actual.dtype}[${actual.shape}]`).toBe(`${what} ${expected.dtype}[${expected.shape}]`);
  const reference = hostArray(expected);
  const values = await actual.data();
  const found = distance(values, reference);
  const limit = dtypes[expected.dtype].kind === 'float' ? tolerance : 0;
  if (found <= limit) return;
  const show = (array: HostArray): string => [...array].slice(0, 8).join(', ');
  expect.fail(
    `${what}: off by ${found} of the largest, more than ${limit}; got ${show(values)}; wanted ${show(reference)}`,
  );
}
