import { expect, it } from 'vitest';
import { HostTensor, rowGatherer } from './host-data.js';

it('a gatherer copies the rows that it is asked for, of each array into memory of its own', () => {
  const x = new HostTensor('float32', [4, 2], Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31));
  const y = new HostTensor('int32', [4], Int32Array.of(0, 1, 2, 3));
  const gather = rowGatherer();
  const [rows, labels] = [gather(x, [3, 1]), gather(y, [3, 1])];
  expect([rows.shape, rows.data]).toEqual([[2, 2], Float32Array.of(30, 31, 10, 11)]);
  expect(labels.data).toEqual(Int32Array.of(3, 1));
  const last = gather(x, [2]);
  expect([last.shape, last.data]).toEqual([[1, 2], Float32Array.of(20, 21)]);
  expect(last.data.buffer).toBe(rows.data.buffer);
  expect(gather(x, [0, 1, 2]).data).toEqual(Float32Array.of(0, 1, 10, 11, 20, 21));
});
