/**
 * Where the weights of a model lie in a weight file, as Keras 3.15.1 lays them out (`keras/src/saving/saving_lib.py`):
 * `<path>/vars/<index>`, the path made of attribute names, and of class names in snake case inside lists. Each object
 * has one place: the first at which it is met.
 */

import type { Variable } from '@ceratops/core';
import { isMetric } from '../../engine/brands.js';
import type { AnyLayer } from '../../engine/call-context.js';
import { classNameOf } from '../../engine/define.js';
import { isLayer } from '../../engine/layer-state.js';
import { isModel } from '../../engine/model.js';
import { toSnakeCase } from '../../engine/naming.js';
import { Sequential } from '../../engine/sequential.js';
import { isPlainObject } from '../../engine/table.js';

/** One object of a weight file: a layer, an optimizer, a metric. */
export interface Place {
  /** Without a leading slash; the model itself is at the empty path. */
  readonly path: string;
  readonly name: string;
  /** Saved as `vars/0`, `vars/1`, … */
  readonly variables: readonly Variable[];
}

/** What the walk needs of anything that keeps variables. */
interface Saveable {
  readonly name: string;
  readonly variables: readonly Variable[];
}

/** Attributes of a layer that never hold saved objects, or hold them a second time. */
const skipped: ReadonlySet<string> = new Set(['inboundNodes', 'outboundNodes', 'history', 'inputSpec']);

/** The attribute of a compiled model under which its optimizer lies. */
export const optimizerAttribute = 'optimizer';

/** Every place of a model in the order of Keras' walk, the model first. */
export function placesOf(model: AnyLayer): Place[] {
  const places: Place[] = [];
  visit(model, '', places, new Set());
  return places;
}

function visit(saveable: AnyLayer | Saveable, path: string, places: Place[], visited: Set<unknown>): void {
  if (visited.has(saveable)) return;
  visited.add(saveable);
  const layer = isLayer(saveable) ? saveable : undefined;
  places.push({ path, name: saveable.name, variables: layer?.ownWeights() ?? saveable.variables });
  if (layer === undefined) {
    const { innerOptimizer } = saveable as { innerOptimizer?: Saveable };
    if (innerOptimizer !== undefined) visit(innerOptimizer, `${path}/inner_optimizer`, places, visited);
    return;
  }
  for (const [attribute, child] of childrenOf(layer)) {
    const childPath = path === '' ? attribute : `${path}/${attribute}`;
    if (isSaveable(child) || attribute === optimizerAttribute) visit(child as Saveable, childPath, places, visited);
    else visitContainer(child, childPath, places, visited, new Set());
  }
}

/** Lists, Maps and records: members are named by class, and counted even where they were met before. */
function visitContainer(
  container: unknown,
  path: string,
  places: Place[],
  visited: Set<unknown>,
  containers: Set<unknown>,
): void {
  const members = membersOf(container);
  if (members === undefined || containers.has(container)) return;
  containers.add(container);
  const used = new Map<string, number>();
  const unique = (name: string): string => {
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
  for (const member of members) {
    if (isSaveable(member)) visit(member, `${path}/${unique(toSnakeCase(classNameOf(member)))}`, places, visited);
    else if (membersOf(member) !== undefined)
      visitContainer(member, `${path}/${unique('container')}`, places, visited, containers);
  }
}

function membersOf(value: unknown): Iterable<unknown> | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof Map) return value.values() as Iterable<unknown>;
  if (isPlainObject(value)) return Object.values(value);
  return undefined;
}

/** Attributes in Keras' order: a functional model's `layers` first, then by name, underscores last. */
function childrenOf(layer: AnyLayer): [string, unknown][] {
  const children: [string, unknown][] = Object.keys(layer)
    .filter((key) => !skipped.has(key) && !key.startsWith('$'))
    .map((key) => [attributeName(key), (layer as unknown as Record<string, unknown>)[key]]);
  const structured = isModel(layer) && (layer.$model.graph !== undefined || layer instanceof Sequential);
  if (isModel(layer)) {
    if (!structured) children.push(['layers', layer.layers]);
    if (layer.optimizer !== undefined) children.push([optimizerAttribute, layer.optimizer]);
  }
  children.sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return structured ? [['layers', layer.layers], ...children] : children;
}

/** `queryDense` → `query_dense`, `_layer` → `_layer`: what the attribute is called in Python. */
function attributeName(key: string): string {
  return key.startsWith('_') ? `_${toSnakeCase(key.slice(1))}` : toSnakeCase(key);
}

function sortKey(attribute: string): string {
  return attribute.startsWith('_') ? `~${attribute}` : attribute;
}

function isSaveable(value: unknown): value is AnyLayer | Saveable {
  return isLayer(value) || isMetric(value);
}
