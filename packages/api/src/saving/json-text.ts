/**
 * JSON text as Python writes it: a number that Keras holds as a float keeps its point. Some of its classes refuse an
 * integer there, others compute in integers with it.
 */

import { type AnyTable, isPlainObject, type Json } from '../engine/table.js';
import { findClass } from './class-registry.js';

interface ConfiguredClass {
  table?(): AnyTable;
  baseTable?(): AnyTable;
}

/** Keys of the floats in the config of the object that `form` describes. */
function floatKeys(form: { readonly [key: string]: unknown }): ReadonlySet<string> {
  const found = findClass(String(form.class_name), form.registered_name, form.module) as ConfiguredClass | undefined;
  const rows = [...Object.values(found?.table?.() ?? {}), ...Object.values(found?.baseTable?.() ?? {})];
  return new Set(rows.filter(({ float }) => float === true).map(({ key }) => key));
}

function floatText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(floatText).join(', ')}]`;
  return Number.isSafeInteger(value) ? `${value}.0` : jsonText(value);
}

const noKeys: ReadonlySet<string> = new Set();

/** @param json the form of an object, or a nest of such forms. */
export function jsonText(json: Json, floats: ReadonlySet<string> = noKeys): string {
  if (Array.isArray(json)) return `[${json.map((item) => jsonText(item ?? null)).join(', ')}]`;
  if (!isPlainObject(json)) return JSON.stringify(json);
  const ofConfig = typeof json.class_name === 'string' ? floatKeys(json) : noKeys;
  const fields = Object.entries(json as { readonly [key: string]: Json })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const text = floats.has(key) ? floatText(value) : jsonText(value, key === 'config' ? ofConfig : noKeys);
      return `${JSON.stringify(key)}: ${text}`;
    });
  return `{${fields.join(', ')}}`;
}
