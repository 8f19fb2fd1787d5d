/**
 * Nested arrays and plain objects whose leaves are anything else. Objects are walked in the order of their sorted keys,
 * as Keras does, so that `{ b, a }` and `{ a, b }` are the same structure.
 */

import { isPlainObject } from './table.js';

export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

/** The leaves, depth first. */
export function flatten<T = unknown>(tree: unknown): T[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => flatten<T>(item));
  if (isPlainObject(tree)) return sortedKeys(tree).flatMap((key) => flatten<T>(tree[key]));
  return [tree as T];
}

/** The same structure with each leaf replaced. */
export function mapTree<R = unknown>(tree: unknown, replace: (leaf: unknown, path: readonly (string | number)[]) => unknown): R {
  const walk = (node: unknown, path: readonly (string | number)[]): unknown => {
    if (Array.isArray(node)) return node.map((item, i) => walk(item, [...path, i]));
    if (!isPlainObject(node)) return replace(node, path);
    return Object.fromEntries(sortedKeys(node).map((key) => [key, walk(node[key], [...path, key])]));
  };
  return walk(tree, []) as R;
}

/** Leaves put back into the structure they were flattened from. */
export function packAs<R = unknown>(structure: unknown, leaves: readonly unknown[]): R {
  let next = 0;
  return mapTree<R>(structure, () => leaves[next++]);
}

/** True when both have the same arrays and keys around their leaves. */
export function sameStructure(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameStructure(item, b[i]));
  }
  if (isPlainObject(a) || isPlainObject(b)) {
    if (!isPlainObject(a) || !isPlainObject(b)) return false;
    const keys = sortedKeys(a);
    return keys.join('\0') === sortedKeys(b).join('\0') && keys.every((key) => sameStructure(a[key], b[key]));
  }
  return true;
}

function sortedKeys(object: object): string[] {
  return Object.keys(object).sort();
}
