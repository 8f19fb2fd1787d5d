/** Families of named, configurable objects: initializers, regularizers, constraints, schedules. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { type AnyClass, findClass } from '../saving/class-registry.js';
import { serializeObject } from './configurable.js';
import { isDefinedClass } from './define.js';
import { canonicalName, unknownName } from './near-names.js';
import type { Resolver } from './rows.js';
import { type Config, isPlainObject } from './table.js';

/** The classes of a family, by the names that Keras takes for them. */
export type FamilyClasses = { readonly [name: string]: AnyClass };

interface ConfigurableClass {
  fromConfig(config: Config): unknown;
}

/**
 * @param kind the family's name in errors: `initializer`.
 * @param classes called at the first lookup; the values are classes made with `define`.
 */
export function objectFamily<T>(kind: string, classes: () => FamilyClasses): Resolver<T> {
  const find = (name: string, registered?: unknown): AnyClass => {
    const known = classes();
    const own = Object.keys(known).find((key) => canonicalName(key) === canonicalName(name));
    const found = own === undefined ? findClass(name, registered) : known[own];
    if (found !== undefined) return found;
    throw unknownName(kind, name, Object.keys(known));
  };
  const get = (identifier: unknown): T => {
    if (typeof identifier === 'string') return Reflect.construct(find(identifier), []) as T;
    if (isDefinedClass(identifier)) return Reflect.construct(identifier, []) as T;
    if (typeof identifier === 'function') return identifier as T;
    if (isPlainObject(identifier) && typeof identifier.class_name === 'string') {
      const found = find(identifier.class_name, identifier.registered_name);
      return (found as unknown as ConfigurableClass).fromConfig((identifier.config ?? {}) as Config) as T;
    }
    throw new CeratopsError('INVALID_ARGUMENT', `not a ${kind}`, {
      expected: `a name, a config with class_name, a function or an object of the ${kind}s`,
      received: JSON.stringify(identifier) ?? String(identifier),
    });
  };
  return { get, serialize: (value) => serializeObject(kind, value) };
}
