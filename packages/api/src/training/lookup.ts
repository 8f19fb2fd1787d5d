/**
 * Losses, metrics and optimizers by name. The tables import lazily, so that a bundle loads only what is named; a name may
 * also be a class name or camelCase.
 */

import { loadPart } from '@ceratops/kernel-registry';
import { isDefinedClass } from '../engine/define.js';
import { canonicalName, unknownName } from '../engine/near-names.js';

/** By name: a module that exports the class under the same name, whatever the case, or the name that this is short for. */
export type LazyClasses<Name extends string> = { readonly [K in Name]: Name | (() => Promise<object>) };

type AnyClasses = LazyClasses<string>;

/** Loads the class that `name` stands for. @throws UNKNOWN_NAME with the near names. */
export async function lookUp<T>(kind: string, table: AnyClasses, name: string): Promise<T> {
  const key = Object.hasOwn(table, name) ? name : keyLike(name, table);
  if (key === undefined) throw unknownName(kind, name, Object.keys(table));
  const entry = table[key]!;
  if (typeof entry === 'string') return lookUp(kind, table, entry);
  const exported = Object.entries(await loadPart(entry));
  // Beside the class a module may export its function, under a name that differs only in case.
  const found = exported.find(([own, value]) => isDefinedClass(value) && canonicalName(own) === canonicalName(key));
  return found![1] as T;
}

/** The key that has this name in another spelling. */
export function keyLike(name: string, table: object): string | undefined {
  const wanted = canonicalName(name);
  return Object.keys(table).find((key) => canonicalName(key) === wanted);
}
