/** What compilation made of a program, as the bytes of a file. */

import type { LinkedProgram } from '../program/link.js';

/** What no other file begins with; the last digits count the formats. */
const magic = 0xce7a_7095_0001;
/** Numbers that the checksum is not over: magic, bytes of the file, the checksum. */
const unchecked = 3;

/** 32 bits of a hash of words: names files, and finds damaged ones. */
export function hashOf(words: Int32Array): number {
  let hash = 0x9e3779b9 | 0;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return (hash ^ (hash >>> 16)) >>> 0;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

export function encodeEntry(key: Int32Array, linked: LinkedProgram): Uint8Array {
  const { code, constants, residentBytes, aliases } = linked;
  const first = constants.length === 0 ? residentBytes : constants[0]!.offset;
  const sizes = [key.byteLength, residentBytes - first, code.length];
  const numbers = [
    ...[magic, 0, 0],
    ...sizes,
    ...[residentBytes, linked.arenaBytes, linked.workspaceBytes, linked.scratchBytes, linked.sharedCost],
    ...[aliases.length, ...aliases.flatMap(({ input, output }) => [input, output])],
  ];
  const starts: number[] = [];
  let end = numbers.length * 8;
  for (const size of sizes) {
    starts.push(end);
    end += padded(size);
  }
  const bytes = new Uint8Array(end);
  const header = new Float64Array(bytes.buffer, 0, numbers.length);
  header.set(numbers);
  header[1] = end;
  const [keyAt, constantsAt, codeAt] = starts as [number, number, number];
  new Int32Array(bytes.buffer, keyAt).set(key);
  for (const { offset, bytes: data } of constants) bytes.set(data, constantsAt + offset - first);
  bytes.set(code, codeAt);
  header[2] = hashOf(new Int32Array(bytes.buffer, unchecked * 8));
  return bytes;
}

/** Undefined for anything but an undamaged entry with this key. */
export function decodeEntry(file: Uint8Array, key: Int32Array): LinkedProgram | undefined {
  if (file.length < unchecked * 8 || file.length % 8 !== 0) return undefined;
  // Not `slice`: that of Node's buffers copies nothing.
  const bytes = file.byteOffset % 8 === 0 ? file : new Uint8Array(file);
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  if (numbers[0] !== magic || numbers[1] !== bytes.length) return undefined;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  if (numbers[2] !== hashOf(words.subarray(unchecked * 2))) return undefined;
  let at = unchecked;
  const next = (): number => numbers[at++]!;
  const sizes = [next(), next(), next()];
  const [residentBytes, arenaBytes, workspaceBytes, scratchBytes, sharedCost] = [
    next(),
    next(),
    next(),
    next(),
    next(),
  ];
  const aliases = Array.from({ length: next() }, () => ({ input: next(), output: next() }));
  let start = at * 8;
  const [known, data, code] = sizes.map((size) => {
    // Copies, lest they keep the file alive.
    const part = new Uint8Array(bytes.subarray(start, start + size));
    start += padded(size);
    return part;
  }) as [Uint8Array, Uint8Array, Uint8Array<ArrayBuffer>];
  if (!sameWords(new Int32Array(known.buffer), key)) return undefined;
  const constants = data.length === 0 ? [] : [{ offset: residentBytes - data.length, bytes: data }];
  return { code, constants, aliases, residentBytes, arenaBytes, workspaceBytes, scratchBytes, sharedCost };
}

function sameWords(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
