/** Built-in classes and ops that a file may name and the program may not. They load together, when a file asks for one. */

import { loadPart } from '@ceratops/kernel-registry';
import { opNamed } from '../engine/operation.js';
import { isPlainObject, type Json } from '../engine/table.js';
import { findClass } from './class-registry.js';
import { isOpModule } from './op-nodes.js';

/** Defines the built-in classes and ops if a serialized object names, at any depth, one that is not there yet. */
export async function importBuiltIns(json: Json): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  collectMissing(json, missing);
  // What it holds is read, or a bundler would drop what nothing reads.
  const loadable = missing.size === 0 ? {} : await loadPart(() => import('./loadable.js'));
  return new Set([...missing].filter((name) => Object.hasOwn(loadable, name)));
}

function collectMissing(json: Json, names: Set<string>): void {
  if (Array.isArray(json)) for (const item of json) collectMissing(item as Json, names);
  else if (isPlainObject(json)) {
    const { class_name: className, module } = json;
    // Ops share names with layers: `Add`, `Softmax`.
    const has = isOpModule(module) ? opNamed : findClass;
    if (typeof className === 'string' && !has(className)) names.add(className);
    for (const item of Object.values(json)) collectMissing(item as Json, names);
  }
}
