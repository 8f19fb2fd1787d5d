/**
 * Declaration tables: one per class. `static table()` lists the constructor arguments in Keras' order; from it come
 * the argument checks, the instance's fields, `getConfig` and `fromConfig`.
 *
 * Positional rule: required arguments, then the first defaulted one too when it is no plain object, then one options
 * object. Everything may also be given in the options object.
 */

import { CeratopsError, didYouMean, nearest } from '@ceratops/kernel-registry';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Config = { readonly [key: string]: Json };

export interface Row<T> {
  /** Keras' snake_case key. */
  readonly key: string;
  readonly required: boolean;
  readonly positional?: boolean | undefined;
  /** Keras holds the number as a float. */
  readonly float?: boolean | undefined;
  /** A fresh default, already resolved. Called only for rows that are not required. */
  fallback(): T;
  /** Checks and completes what the caller gave. */
  resolve(value: unknown, subject: string): T;
  serialize(value: T): Json;
}

/** A total table over a class's settings: a missing, surplus or wrong row does not compile. */
export type Table<Settings> = { readonly [K in keyof Settings]-?: Row<Settings[K]> };

export type AnyTable = { readonly [name: string]: Row<unknown> };

type Options = { readonly [name: string]: unknown };

/** True for `{…}` literals: not for arrays, tensors, layers or class instances. */
export function isPlainObject(value: unknown): value is Options {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Reads constructor arguments by the table.
 *
 * @param base rows that only the options object may hold (`name`, `dtype`, …); resolved when given, no default otherwise.
 * @returns the settings (every row of `table`) and the given rows of `base`.
 */
export function readArguments(
  subject: string,
  table: AnyTable,
  base: AnyTable,
  parameters: readonly unknown[],
): { settings: Options; options: Options } {
  const given = gather(subject, table, base, parameters);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name) || Object.hasOwn(base, name) || given[name] === undefined) continue;
    throw unknownOption(subject, name, [...Object.keys(table), ...Object.keys(base)]);
  }
  const settings: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(table)) settings[name] = settle(subject, name, row, given[name]);
  const options: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(base)) {
    if (given[name] !== undefined && given[name] !== null) options[name] = row.resolve(given[name], subject);
  }
  return { settings, options };
}

function settle(subject: string, name: string, row: Row<unknown>, value: unknown): unknown {
  if (value !== undefined) return row.resolve(value, subject);
  if (!row.required) return row.fallback();
  throw new CeratopsError('INVALID_ARGUMENT', `missing argument '${name}'`, { subject });
}

function gather(subject: string, table: AnyTable, base: AnyTable, parameters: readonly unknown[]): Options {
  const last = parameters.at(-1);
  const options = isPlainObject(last) ? last : {};
  const positionals = isPlainObject(last) ? parameters.slice(0, -1) : parameters;
  const names = positionalNames(table, base);
  const present = trimmed(positionals);
  if (present.length > names.length) {
    const rest = Object.keys(table).filter((name) => !names.includes(name));
    throw new CeratopsError('INVALID_ARGUMENT', 'too many positional arguments', {
      subject,
      expected: names.length === 0 ? 'one options object' : `at most ${names.join(', ')} and one options object`,
      received: `${present.length}`,
      remedy: rest.length > 0 ? `give the others by name: { ${rest.slice(0, 3).join(', ')} }` : undefined,
    });
  }
  const given: Record<string, unknown> = { ...options };
  present.forEach((value, i) => {
    const name = names[i]!;
    if (value === undefined) return;
    if (given[name] !== undefined)
      throw new CeratopsError('INVALID_ARGUMENT', `argument '${name}' given twice`, { subject });
    given[name] = value;
  });
  return given;
}

function trimmed(values: readonly unknown[]): readonly unknown[] {
  let end = values.length;
  while (end > 0 && values[end - 1] === undefined) end--;
  return values.slice(0, end);
}

/** Required rows, the first defaulted one, and rows marked positional; of the base only these, where the class has no defaults. */
function positionalNames(table: AnyTable, base: AnyTable): string[] {
  let defaulted = 0;
  const own = Object.entries(table)
    .filter(([, row]) => row.required || row.positional === true || defaulted++ === 0)
    .map(([name]) => name);
  if (defaulted > 0) return own;
  return [...own, ...Object.keys(base).filter((name) => base[name]!.positional === true)];
}

export function unknownOption(subject: string, name: string, known: readonly string[]): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', `unknown option '${name}'`, {
    subject,
    expected: `one of ${known.join(', ')}`,
    remedy: /^(batch)?input_?(shape|dim)$/i.test(name)
      ? 'put Input(shape) in front of the layers instead'
      : didYouMean(nearest(name, known)),
  });
}

/** The config of an object whose fields are the table's rows. */
export function writeConfig(instance: object, table: AnyTable): Record<string, Json> {
  const config: Record<string, Json> = {};
  for (const [name, row] of Object.entries(table)) config[row.key] = row.serialize((instance as Options)[name]);
  return config;
}

/**
 * Constructor arguments from a config. Keys that the class does not know are skipped when they switch nothing on (null
 * or false, as newer Keras versions write them), else they are an error.
 */
export function argumentsFromConfig(subject: string, table: AnyTable, base: AnyTable, config: Config): unknown[] {
  const byKey = new Map<string, string>();
  for (const [name, row] of [...Object.entries(table), ...Object.entries(base)]) byKey.set(row.key, name);
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    const name = byKey.get(key);
    if (name !== undefined) options[name] = value ?? undefined;
    else if (value !== null && value !== false) {
      throw new CeratopsError('MALFORMED_INPUT', `unknown config key '${key}'`, {
        subject,
        expected: `one of ${[...byKey.keys()].join(', ')}`,
        received: JSON.stringify(value),
      });
    }
  }
  const required = Object.entries(table).filter(([, row]) => row.required);
  const positionals = required.map(([name]) => options[name]);
  for (const [name] of required) delete options[name];
  return [...positionals, options];
}
