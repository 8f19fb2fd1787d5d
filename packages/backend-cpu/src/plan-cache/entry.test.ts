import { expect, it } from 'vitest';
import type { LinkedProgram } from '../program/link.js';
import { decodeEntry, encodeEntry } from './entry.js';

const key = Int32Array.of(3, 1, 4);
const linked: LinkedProgram = {
  code: Uint8Array.of(0, 97, 115, 109, 1),
  constants: [
    { offset: 64, bytes: Uint8Array.of(1, 2, 3) },
    { offset: 80, bytes: Uint8Array.of(4, 5) },
  ],
  aliases: [{ input: 1, output: 0 }],
  ...{ residentBytes: 96, arenaBytes: 128, workspaceBytes: 7, scratchBytes: 9, sharedCost: 2.5 },
};

it.each([0, 1, 4])('an entry is read wherever in memory its file lies: %i bytes behind a number', (offset) => {
  const file = encodeEntry(key, linked);
  const memory = Buffer.alloc(offset + file.length);
  memory.set(file, offset);
  // What lies between constants is part of them.
  const constants = new Uint8Array(32);
  constants.set([1, 2, 3]);
  constants.set([4, 5], 16);
  const expected = { ...linked, constants: [{ offset: 64, bytes: constants }] };
  expect(decodeEntry(memory.subarray(offset), key)).toEqual(expected);
  expect(decodeEntry(memory.subarray(offset), Int32Array.of(3, 1, 5))).toBeUndefined();
});
