/** Full structural comparison, in step with `hashProgram`: names do not count, everything else does. */

import type { Program } from '../program.js';
import { structureOf } from './structure.js';

export function equalPrograms(a: Program, b: Program): boolean {
  return a === b || equalAttributes(structureOf(a), structureOf(b));
}

/** Attribute values: plain data, typed arrays, programs. Numbers by `Object.is`, so −0 is not 0 and NaN is NaN. */
export function equalAttributes(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalLists(a, b);
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) {
    return ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && a.constructor === b.constructor && equalBytes(a, b);
  }
  if ('instructions' in a && 'instructions' in b) return equalPrograms(a as Program, b as Program);
  return equalObjects(a as Fields, b as Fields);
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!equalAttributes(a[i], b[i])) return false;
  return true;
}

type Fields = { readonly [name: string]: unknown };

/** A field that is undefined is as good as none. */
function equalObjects(a: Fields, b: Fields): boolean {
  let surplus = 0;
  for (const key in a) {
    if (a[key] === undefined) continue;
    if (!equalAttributes(a[key], b[key])) return false;
    surplus++;
  }
  for (const key in b) if (b[key] !== undefined) surplus--;
  return surplus === 0;
}

function equalBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
