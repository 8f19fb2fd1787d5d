/** Built-in classes that a file may name and the program may not. They load together, when a file asks for one. */

import { isPlainObject, type Json } from '../engine/table.js';
import { findClass } from './class-registry.js';

/** Defines the built-in classes if a serialized object names, at any depth, one that is not there yet. */
export async function importBuiltIns(json: Json): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  collectClassNames(json, names);
  const missing = [...names].filter((name) => findClass(name) === undefined);
  // What it holds is read, or a bundler would drop what nothing reads.
  const loadable = missing.length === 0 ? {} : await import('./loadable.js');
  return new Set(missing.filter((name) => Object.hasOwn(loadable, name)));
}

function collectClassNames(json: Json, names: Set<string>): void {
  if (Array.isArray(json)) for (const item of json) collectClassNames(item as Json, names);
  else if (isPlainObject(json)) {
    const { class_name: className } = json;
    if (typeof className === 'string') names.add(className);
    for (const item of Object.values(json)) collectClassNames(item as Json, names);
  }
}
