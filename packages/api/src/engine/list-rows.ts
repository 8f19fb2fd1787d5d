/** Kinds of rows that few declaration tables have; see rows.ts. */

import { row } from './rows.js';
import type { Json, Row } from './table.js';

/** A list of integers of any length. */
export function ints(key: string, fallback?: readonly number[]): Row<readonly number[]> {
  return row(key, fallback, 'a list of integers', (value): value is readonly number[] => {
    return Array.isArray(value) && value.every((item) => Number.isInteger(item));
  });
}

/** A number for all, or a list of one for each. */
export function floats(key: string, fallback?: number): Row<number | readonly number[]> {
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  const accepts = (value: unknown): value is number | readonly number[] =>
    isNumber(value) || (Array.isArray(value) && value.every(isNumber));
  return { ...row<number | readonly number[]>(key, fallback, 'a number or a list of numbers', accepts), float: true };
}

/** Anything that JSON can hold. */
export function json(key: string, fallback?: Json): Row<Json> {
  return row(key, fallback, 'JSON data', (value): value is Json => value !== undefined && typeof value !== 'function');
}
