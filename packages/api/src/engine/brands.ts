/** How objects of one copy of the package are recognised by another: by brand, never by `instanceof`. */

import type { Variable } from '@ceratops/core';

export const layerBrand: unique symbol = Symbol.for('ceratops.Layer');
export const metricBrand: unique symbol = Symbol.for('ceratops.Metric');
export const seedGeneratorBrand: unique symbol = Symbol.for('ceratops.SeedGenerator');

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
  return hasBrand(value, metricBrand);
}

export function isSeedGenerator(value: unknown): value is TrackedSeedGenerator {
  return hasBrand(value, seedGeneratorBrand);
}

export function hasBrand(value: unknown, brand: symbol): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && brand in value;
}
