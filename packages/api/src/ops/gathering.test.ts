import { expect, test } from 'vitest';
import { onDevices } from '../test-support/devices.js';
import { segmentSum } from './index.js';

onDevices('segment sums', () => {
  test('take the number of segments by place or by name', async () => {
    expect(await segmentSum([1, 2, 3], [0, 0, 1], 3).array()).toEqual([3, 3, 0]);
    expect(await segmentSum([1, 2, 3], [0, 0, 1], { numSegments: 2 }).array()).toEqual([3, 3]);
  });

  test('say that they need it', () => {
    const untold = segmentSum as unknown as (data: readonly number[], ids: readonly number[]) => unknown;
    expect(() => untold([1, 2], [0, 1])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', subject: 'segmentSum', received: 'undefined' }),
    );
  });
});
