/**
 * Nested arrays and plain objects whose leaves are anything else; the keys of objects in sorted order, as in Keras, so that
 * `{ b, a }` and `{ a, b }` are the same structure. Thin, typed sugar over core's trees.
 */

import { flatten as flattenTree, specKey, unflatten } from '@ceratops/core/tree';

/** The leaves, depth first. */
export function flatten<T = unknown>(tree: unknown): T[] {
  return flattenTree(tree).leaves as T[];
}

/** The same structure with each leaf replaced. */
export function mapTree<R = unknown>(tree: unknown, replace: (leaf: unknown) => unknown): R {
  const { leaves, spec } = flattenTree(tree);
  return unflatten(spec, leaves.map(replace)) as R;
}

/** Leaves put into the structure of a tree of equally many. */
export function packAs<R = unknown>(structure: unknown, leaves: readonly unknown[]): R {
  return unflatten(flattenTree(structure).spec, leaves) as R;
}

/** True when both have the same arrays and keys around their leaves. */
export function sameStructure(a: unknown, b: unknown): boolean {
  return specKey(flattenTree(a).spec) === specKey(flattenTree(b).spec);
}
