/**
 * What a layer owns. JavaScript has no `__setattr__`, so ownership is found by walking the layer's own properties (arrays,
 * Maps and plain objects too), in the order in which they were set. `#private` fields are invisible to that walk: they are
 * named by `layer.track(…)`.
 */

import { isVariable, type Variable } from '@ceratops/core';
import { hasBrand, isMetric, isSeedGenerator, type TrackedMetric, type TrackedSeedGenerator } from './brands.js';
import type { AnyLayer } from './call-context.js';
import { isPlainObject } from './table.js';

export interface Owned {
  readonly variables: Variable[];
  readonly layers: AnyLayer[];
  readonly metrics: TrackedMetric[];
  readonly seedGenerators: TrackedSeedGenerator[];
}

/** Everything reachable from the own properties of `owner` and from `extra` without passing through another layer. */
export function ownedBy(owner: object, extra: readonly unknown[]): Owned {
  const owned: Owned = { variables: [], layers: [], metrics: [], seedGenerators: [] };
  const seen = new Set<unknown>([owner]);
  for (const key of Object.keys(owner))
    if (!key.startsWith('$')) collect((owner as { [key: string]: unknown })[key], owned, seen);
  for (const value of extra) collect(value, owned, seen);
  return owned;
}

function collect(value: unknown, owned: Owned, seen: Set<unknown>): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
  seen.add(value);
  if (hasBrand(value, '$layer')) owned.layers.push(value as AnyLayer);
  else if (isMetric(value)) owned.metrics.push(value);
  else if (isSeedGenerator(value)) owned.seedGenerators.push(value);
  else if (isVariable(value)) owned.variables.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, owned, seen);
  else if (value instanceof Map) for (const item of value.values()) collect(item, owned, seen);
  else if (isPlainObject(value)) for (const item of Object.values(value)) collect(item, owned, seen);
}
