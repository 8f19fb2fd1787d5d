/**
 * A structural hash of programs: inputs with their aliases, ops, attributes, literals and regions, but not names.
 * Equal programs have equal hashes; a cache still compares in full (`equalPrograms`).
 */

import type { Program } from '../program.js';
import { structureOf } from './structure.js';

const words: Map<string, number> = new Map();
const float64 = new Float64Array(1);
const floatWords = new Uint32Array(float64.buffer);

class Hasher {
  #state = 0x9e3779b9 | 0;

  word(value: number): void {
    this.#state = Math.imul(this.#state ^ value, 0x85ebca6b);
    this.#state ^= this.#state >>> 15;
  }

  /** Any double, by its bits. */
  number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.word(value);
      return;
    }
    float64[0] = value;
    this.word(floatWords[0]!);
    this.word(~floatWords[1]!);
  }

  /** 32 bits are plenty for tables that compare in full. */
  digest(): number {
    return (this.#state ^ (this.#state >>> 16)) >>> 0;
  }
}

function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The hash of a name from a closed set: ops and keys. */
function nameWord(name: string): number {
  let hash = words.get(name);
  if (hash === undefined) words.set(name, (hash = hashString(name)));
  return hash;
}

function hashBytes(hasher: Hasher, data: ArrayBufferView): void {
  const { buffer, byteOffset, byteLength } = data;
  hasher.word(byteLength);
  const aligned = byteOffset % 4 === 0 ? byteLength >>> 2 : 0;
  const full = new Uint32Array(buffer, aligned === 0 ? 0 : byteOffset, aligned);
  for (let i = 0; i < full.length; i++) hasher.word(full[i]!);
  const rest = new Uint8Array(buffer, byteOffset + aligned * 4, byteLength - aligned * 4);
  for (let i = 0; i < rest.length; i++) hasher.word(rest[i]!);
}

/** Keys in sorted order, those whose value is undefined left out. */
function hashObject(hasher: Hasher, value: object): void {
  const keys = Object.keys(value);
  if (keys.length > 1) keys.sort();
  for (const key of keys) {
    const field = (value as { readonly [name: string]: unknown })[key];
    if (field === undefined) continue;
    hasher.word(nameWord(key));
    hashValue(hasher, field);
  }
  hasher.word(0x6f626a);
}

function hashValue(hasher: Hasher, value: unknown): void {
  if (typeof value === 'number') hasher.number(value);
  else if (typeof value === 'string') hasher.word(hashString(value));
  else if (typeof value === 'object' && value !== null) hashReference(hasher, value);
  else hasher.word(value === true ? 0x74 : value === false ? 0x66 : 0x6e);
}

function hashReference(hasher: Hasher, value: object): void {
  if (Array.isArray(value)) {
    hasher.word(value.length);
    for (const item of value) hashValue(hasher, item);
  } else if (ArrayBuffer.isView(value)) {
    hashBytes(hasher, value);
  } else if ('instructions' in value) {
    hasher.number(hashProgram(value as Program));
  } else {
    hashObject(hasher, value);
  }
}

const hashes: WeakMap<Program, number> = new WeakMap();

/** A number below 2^32. It is kept per program object, so a second call costs a look-up. */
export function hashProgram(program: Program): number {
  let hash = hashes.get(program);
  if (hash !== undefined) return hash;
  hashes.set(program, (hash = hashData(structureOf(program))));
  return hash;
}

/** The hash of anything that `equalAttributes` compares: of an op's attributes, of a loop kernel. */
export function hashData(value: unknown): number {
  const hasher = new Hasher();
  hashValue(hasher, value);
  return hasher.digest();
}
