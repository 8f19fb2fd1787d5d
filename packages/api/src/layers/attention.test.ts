/** Attention that can be asked for in two ways. */

import { type Tensor, tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import { broadcastTo, expandDims, reshape, sin, transpose } from '../ops/common.js';
import { onDevices } from '../test-support/devices.js';
import * as layers from './index.js';

const waves = (...shape: number[]): Tensor =>
  sin(reshape(tensor(Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i * 1.7)), shape));

onDevices('attention', () => {
  it('has the mask of queries as rows of the mask of scores', async () => {
    const [query, value] = [waves(2, 3, 4), waves(2, 5, 4)];
    const queryMask = tensor([true, false, true, true, true, false], { shape: [2, 3], dtype: 'bool' });
    const attentionMask = broadcastTo(expandDims(queryMask, -1), [2, 3, 5]);
    for (const layer of [layers.MultiHeadAttention(2, 4), layers.GroupQueryAttention(4, 4, 2)]) {
      const rows = await layer(query, value, { queryMask }).data();
      expect(rows).toEqual(await layer(query, value, { attentionMask }).data());
      expect(rows).not.toEqual(await layer(query, value).data());
    }
  });

  it('over axis 0 is that over axis 1 of what is turned', async () => {
    const turned = (x: Tensor): Tensor => transpose(x, [1, 0, 2]);
    const [query, value] = [waves(2, 3, 4), waves(5, 3, 4)];
    const first = layers.MultiHeadAttention(2, 4, { attentionAxes: 0 });
    const second = layers.MultiHeadAttention(2, 4, { attentionAxes: 1 });
    const [found] = first(query, value, { returnAttentionScores: true });
    second.build([
      [3, 2, 4],
      [3, 5, 4],
    ]);
    second.setWeights(first.weights.map(({ value }) => value));
    const expected = await turned(second(turned(query), turned(value))).data();
    (await found.data()).forEach((x, i) => {
      expect(Number(x)).toBeCloseTo(Number(expected[i]), 5);
    });
  });
});
