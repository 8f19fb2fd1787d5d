/** Full structural comparison, in step with `hashProgram`: names do not count, everything else does. */

import type { Program, ProgramInput } from '../program.js';
import { sameType, type TensorType } from '../tensor-type.js';

export function equalPrograms(a: Program, b: Program): boolean {
  if (a === b) return true;
  return (
    equalLists(a.inputs, b.inputs, equalInputs) &&
    equalLists(a.outputs, b.outputs, Object.is) &&
    equalLists(a.instructions, b.instructions, (x, y) => {
      if (x.op !== y.op || !equalLists(x.operands, y.operands, Object.is)) return false;
      return equalAttributes(x.attributes, y.attributes) && equalLists(x.results, y.results, equalTypes);
    })
  );
}

function equalLists<T>(a: readonly T[], b: readonly T[], equal: (x: T, y: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!equal(a[i]!, b[i]!)) return false;
  return true;
}

function equalInputs(a: ProgramInput, b: ProgramInput): boolean {
  return a.aliases === b.aliases && equalTypes(a.type, b.type);
}

function equalTypes(a: TensorType, b: TensorType): boolean {
  return a === b || (sameType(a, b) && equalAttributes(a.sharding, b.sharding));
}

/** Attribute values: plain data, typed arrays, programs. Numbers by `Object.is`, so −0 is not 0 and NaN is NaN. */
export function equalAttributes(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && equalLists<unknown>(a, b, equalAttributes);
  }
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) {
    return ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && a.constructor === b.constructor && equalBytes(a, b);
  }
  if ('instructions' in a && 'instructions' in b) return equalPrograms(a as Program, b as Program);
  return equalObjects(a as Fields, b as Fields);
}

type Fields = { readonly [name: string]: unknown };

function equalObjects(a: Fields, b: Fields): boolean {
  const definedKeys = (fields: Fields): string[] => Object.keys(fields).filter((key) => fields[key] !== undefined);
  const keys = definedKeys(a);
  return keys.length === definedKeys(b).length && keys.every((key) => equalAttributes(a[key], b[key]));
}

function equalBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
