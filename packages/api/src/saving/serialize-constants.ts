import type { Tensor } from '@ceratops/core';
import type { Json } from '../engine/table.js';
import { collectUnread, constants, serializeKerasObject } from './serialize.js';

/** `serializeKerasObject`, waiting for the constants of graphs. */
export async function serializeWithConstants(value: unknown): Promise<Json> {
  for (;;) {
    const waiting: Tensor[] = [];
    collectUnread(waiting);
    try {
      const form = serializeKerasObject(value);
      if (waiting.length === 0) return form;
    } finally {
      collectUnread(undefined);
    }
    for (const tensor of waiting) constants.set(tensor, numbersOf(await tensor.array()));
  }
}

function numbersOf(value: unknown): Json {
  if (Array.isArray(value)) return value.map(numbersOf);
  return typeof value === 'bigint' ? Number(value) : (value as number | boolean);
}
