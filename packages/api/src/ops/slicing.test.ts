import { tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import { onDevices } from '../test-support/devices.js';
import { getItem } from './slicing.js';

onDevices('getItem', () => {
  it('takes what NumPy takes, and nothing else', async () => {
    const x = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    expect(await getItem(x, [':', '::-2']).array()).toEqual([
      [3, 1],
      [6, 4],
    ]);
    for (const key of [[':', [1, 3]], [{ start: 1 }], ['1:x'], [1.5]]) {
      expect(() => getItem(x, key as never)).toThrow(expect.objectContaining({ name: 'CeratopsError' }));
    }
  });
});
