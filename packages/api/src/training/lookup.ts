/**
 * Losses, metrics and optimizers by name. The tables import lazily, so that a bundle loads only what is named; a name may
 * also be a class name or camelCase.
 */

import { canonicalName, unknownName } from '../engine/near-names.js';
import { isPlainObject, type Json } from '../engine/table.js';
import { deserializeKerasObject } from '../saving/serialization.js';

export interface LazyTable<T> {
  readonly [name: string]: () => Promise<T>;
}

/** Loads what `name` stands for. @throws UNKNOWN_NAME with the near names. */
export async function lookUp<T>(kind: string, table: LazyTable<T>, name: string): Promise<T> {
  const wanted = canonicalName(name);
  const key = Object.hasOwn(table, name)
    ? name
    : Object.keys(table).find((candidate) => canonicalName(candidate) === wanted);
  if (key === undefined) throw unknownName(kind, name, Object.keys(table));
  return table[key]!();
}

/** The class name of a config `{ class_name, config }`, as compile_config holds. */
export function configClassName(value: unknown): string | undefined {
  return isPlainObject(value) && typeof value.class_name === 'string' ? value.class_name : undefined;
}

/** An object from its config, once its class has been imported through the table. */
export async function fromConfig<T>(kind: string, table: LazyTable<unknown>, config: unknown): Promise<T> {
  const className = configClassName(config)!;
  const known = Object.keys(table).some((key) => canonicalName(key) === canonicalName(className));
  if (known) await lookUp(kind, table, className);
  return deserializeKerasObject(config as Json) as T;
}
