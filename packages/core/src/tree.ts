/** Trees: nested arrays and plain objects. Everything else, tensors included, is a leaf. */
import { CeratopsError } from '@ceratops/kernel-registry';

export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

/** The shape of a tree without its leaves. Keys are in sorted order. */
export type TreeSpec =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'array'; readonly items: readonly TreeSpec[] }
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly items: readonly TreeSpec[] };

const leafSpec: TreeSpec = { kind: 'leaf' };

/** Splits a tree into its leaves, depth first, and its structure. */
export function flatten(tree: unknown): { leaves: unknown[]; spec: TreeSpec } {
  const leaves: unknown[] = [];
  return { leaves, spec: flattenInto(tree, leaves) };
}

function flattenInto(tree: unknown, leaves: unknown[]): TreeSpec {
  if (Array.isArray(tree)) return { kind: 'array', items: tree.map((item) => flattenInto(item, leaves)) };
  if (isPlainObject(tree)) {
    const keys = Object.keys(tree).sort();
    return { kind: 'object', keys, items: keys.map((key) => flattenInto(tree[key], leaves)) };
  }
  leaves.push(tree);
  return leafSpec;
}

/** The tree of this structure with these leaves. */
export function unflatten(spec: TreeSpec, leaves: readonly unknown[]): unknown {
  let next = 0;
  const build = (part: TreeSpec): unknown => {
    if (part.kind === 'leaf') return leaves[next++];
    const items = part.items.map(build);
    if (part.kind === 'array') return items;
    return Object.fromEntries(part.keys.map((key, i) => [key, items[i]]));
  };
  const tree = build(spec);
  if (next !== leaves.length) {
    throw new CeratopsError('INVALID_ARGUMENT', 'leaves do not fit the tree', {
      subject: 'unflatten',
      expected: `${next} leaves`,
      received: `${leaves.length}`,
    });
  }
  return tree;
}

/** The tree with every leaf replaced. */
export function map<T, U>(tree: Tree<T>, replace: (leaf: T, index: number) => U): Tree<U> {
  const { leaves, spec } = flatten(tree);
  return unflatten(
    spec,
    leaves.map((leaf, index) => replace(leaf as T, index)),
  ) as Tree<U>;
}

/** Equal for trees of equal structure. */
export function specKey(spec: TreeSpec): string {
  if (spec.kind === 'leaf') return '*';
  if (spec.kind === 'array') return `[${spec.items.map(specKey).join()}]`;
  return `{${spec.keys.map((key, i) => `${JSON.stringify(key)}:${specKey(spec.items[i]!)}`).join()}}`;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
