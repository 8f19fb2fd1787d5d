import { expect, it } from 'vitest';
import { flatten, map, specKey, unflatten } from './tree.js';

class Leaf {}

it('takes nested arrays and plain objects apart and puts them together again', () => {
  const leaf = new Leaf();
  const tree = { b: [1, [leaf, null]], a: { x: 'y' }, e: [], f: {} };
  const { leaves, spec } = flatten(tree);
  expect(leaves).toEqual(['y', 1, leaf, null]);
  expect(unflatten(spec, leaves)).toEqual(tree);
});

it('does not mind the order of keys', () => {
  expect(specKey(flatten({ a: 1, b: [2] }).spec)).toBe(specKey(flatten({ b: [3], a: 4 }).spec));
  expect(specKey(flatten({ a: 1 }).spec)).not.toBe(specKey(flatten([1]).spec));
});

it('refuses leaves that do not fit', () => {
  expect(() => unflatten(flatten([1, 2]).spec, [1])).toThrow(/expected 2 leaves, received 1/);
});

it('maps leaves', () => {
  expect(map({ a: 1, b: [2, 3] }, (x: number) => x * 2)).toEqual({ a: 2, b: [4, 6] });
});
