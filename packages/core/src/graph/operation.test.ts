import { expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { nodeKey, tensor } from '../tensor/tensor.js';

it('infers results apart for other numbers of operands, the first type of all included', () => {
  const vectors = Array.from({ length: 6 }, (_, i) => tensor(new Float32Array(i + 1)));
  expect(vectors[0]![nodeKey].type.id).toBe(0);
  for (const a of vectors) {
    expect(p.concatenate([a], 0).shape).toEqual(a.shape);
    for (const b of vectors) {
      expect(p.concatenate([a, b], 0).shape).toEqual([a.size + b.size]);
      expect(p.concatenate([b], 0).shape).toEqual(b.shape);
    }
  }
});
