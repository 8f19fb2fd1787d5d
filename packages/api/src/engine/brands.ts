/**
 * How objects of one copy of the package are recognised by another: by brand, never by `instanceof`. Brands and inner state
 * are properties whose names start with `$`; nobody walks them.
 */

import type { Variable } from '@ceratops/core';

/** What a layer needs to know of a metric that it owns. */
export interface TrackedMetric {
  readonly name: string;
  readonly variables: readonly Variable[];
}

/** What a layer needs to know of a seed generator that it owns. */
export interface TrackedSeedGenerator {
  readonly state: Variable;
}

export function isMetric(value: unknown): value is TrackedMetric {
  return hasBrand(value, '$metric');
}

export function isSeedGenerator(value: unknown): value is TrackedSeedGenerator {
  return hasBrand(value, '$seedGenerator');
}

export function hasBrand(value: unknown, brand: '$layer' | '$model' | '$metric' | '$seedGenerator'): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && brand in value;
}
