/**
 * Kinds of rows for declaration tables (see table.ts): each checks one constructor argument, completes it, and writes it
 * into a config under Keras' key. A row without a default is a required argument.
 */

import { CeratopsError, type DType, isDType } from '@ceratops/kernel-registry';
import { show } from './show.js';
import type { Json, Row } from './table.js';

function wrong(subject: string, key: string, expected: string, received: unknown): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', `bad argument '${key}'`, {
    subject,
    expected,
    received: show(received),
  });
}

/** A row for what `accepts` takes; the value is its own form in a config. */
export function row<T extends Json>(
  key: string,
  fallback: T | undefined,
  expected: string,
  accepts: (value: unknown) => value is T,
): Row<T> {
  return {
    key,
    required: fallback === undefined,
    fallback: () => fallback as T,
    resolve: (value, subject) => {
      if (accepts(value)) return value;
      throw wrong(subject, key, expected, value);
    },
    serialize: (value) => value,
  };
}

export interface Limits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

function within(value: number, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Limits): boolean {
  return value >= min && value <= max;
}

function describe(what: string, { min, max }: Limits): string {
  if (min !== undefined && max !== undefined) return `${what} between ${min} and ${max}`;
  if (min !== undefined) return `${what} ≥ ${min}`;
  return max === undefined ? what : `${what} ≤ ${max}`;
}

/** An integer. */
export function int(key: string, fallback?: number, limits: Limits = {}): Row<number> {
  return row(key, fallback, describe('an integer', limits), (value): value is number => {
    return Number.isInteger(value) && within(value as number, limits);
  });
}

/** A number. */
export function float(key: string, fallback?: number, limits: Limits = {}): Row<number> {
  const accepts = (value: unknown): value is number => typeof value === 'number' && within(value, limits);
  return { ...row(key, fallback, describe('a number', limits), accepts), float: true };
}

export function bool(key: string, fallback?: boolean): Row<boolean> {
  return row(key, fallback, 'true or false', (value): value is boolean => typeof value === 'boolean');
}

export function string(key: string, fallback?: string): Row<string> {
  return row(key, fallback, 'a string', (value): value is string => typeof value === 'string');
}

/** One of a few strings. */
export function oneOf<const T extends string>(key: string, choices: readonly T[], fallback?: T): Row<T> {
  const expected = choices.map((choice) => `'${choice}'`).join(' or ');
  return row(key, fallback, expected, (value): value is T => choices.includes(value as T));
}

/** `count` integers, or one that stands for all of them: kernel sizes, strides. */
export function intTuple(
  key: string,
  count: number,
  fallback?: number | readonly number[],
  limits: Limits = { min: 1 },
): Row<readonly number[]> {
  const fits = (value: unknown): value is number => Number.isInteger(value) && within(value as number, limits);
  const spread = (value: number): readonly number[] => new Array<number>(count).fill(value);
  return {
    key,
    required: fallback === undefined,
    fallback: () => (typeof fallback === 'number' ? spread(fallback) : (fallback as readonly number[])),
    resolve: (value, subject) => {
      if (fits(value)) return spread(value);
      if (Array.isArray(value) && value.length === count && value.every(fits)) return value;
      throw wrong(
        subject,
        key,
        describe(count === 1 ? 'an integer' : `an integer or ${count} integers, each`, limits),
        value,
      );
    },
    serialize: (value) => [...value],
  };
}

/** One axis or several. */
export function axes(key: string, fallback?: number | readonly number[]): Row<number | readonly number[]> {
  return row(key, fallback, 'an axis or a list of axes', (value): value is number | readonly number[] => {
    return Number.isInteger(value) || (Array.isArray(value) && value.every((item) => Number.isInteger(item)));
  });
}

/** A shape whose unknown sizes are null. */
export function shape(
  key: string,
  fallback?: readonly (number | null)[],
  { min = 0 }: Limits = {},
): Row<readonly (number | null)[]> {
  const expected = `a shape: a list of ${describe('integers', { min })} or null`;
  return row(key, fallback, expected, (value): value is readonly (number | null)[] => {
    return Array.isArray(value) && value.every((item) => item === null || (Number.isInteger(item) && item >= min));
  });
}

export function dtype(key: string, fallback?: DType): Row<DType> {
  return row(key, fallback, 'a dtype', (value): value is DType => isDType(value));
}

/** The row, but null or absent is a value too: `undefined` in TypeScript, null in files. */
export function optional<T>(inner: Row<T>): Row<T | undefined> {
  return {
    key: inner.key,
    required: false,
    float: inner.float,
    fallback: () => undefined,
    resolve: (value, subject) => (value === null ? undefined : inner.resolve(value, subject)),
    serialize: (value) => (value === undefined ? null : inner.serialize(value)),
  };
}

/** What the second row takes where it is a number, else what the first one takes. */
export function either<A extends Json>(inner: Row<A>, numeric: Row<number>): Row<A | number> {
  return {
    ...inner,
    float: numeric.float,
    resolve: (value, subject) => (typeof value === 'number' ? numeric : inner).resolve(value, subject),
    serialize: (value) => value,
  };
}

/** The row, also allowed as a positional argument although it has a default (only the first such row is, otherwise). */
export function positional<T>(inner: Row<T>): Row<T> {
  return { ...inner, positional: true };
}

/** How a family of named objects (initializers, activations, …) is looked up and written down. */
export interface Resolver<T> {
  /** Takes a name, a config object or the thing itself; throws UNKNOWN_NAME with the near names. */
  get(identifier: unknown): T;
  serialize(value: T): Json;
}

/** An object of a family, given by name, by config or itself. With no default it is required. */
export function object<T>(key: string, family: Resolver<T>, fallback?: string): Row<T> {
  return {
    key,
    required: fallback === undefined,
    fallback: () => family.get(fallback),
    resolve: (value) => family.get(value),
    serialize: (value) => family.serialize(value),
  };
}
