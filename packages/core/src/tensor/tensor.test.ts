import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import * as p from '../primitives/index.js';
import { computing, onDevices } from '../test-support/devices.js';
import { jit } from '../transform/jit.js';
import type { TensorData } from './host-data.js';
import { borrow, isTensor, type Tensor, tensor } from './tensor.js';

describe('tensor()', () => {
  it.each<[TensorData, object, string]>([
    [3, {}, 'float32[]'],
    [true, {}, 'bool[]'],
    [5n, {}, 'int64[]'],
    [[1, 2, 3], {}, 'float32[3]'],
    [[[1], [2]], {}, 'float32[2,1]'],
    [[[true, false]], {}, 'bool[1,2]'],
    [[1n], {}, 'int64[1]'],
    [[], {}, 'float32[0]'],
    [[[], []], {}, 'float32[2,0]'],
    [Float64Array.of(1, 2), {}, 'float64[2]'],
    [Uint8Array.of(1, 2), {}, 'uint8[2]'],
    [BigUint64Array.of(1n), {}, 'uint64[1]'],
    [[Float32Array.of(1, 2), Float32Array.of(3, 4)], {}, 'float32[2,2]'],
    [[1, 2], { dtype: 'int32' }, 'int32[2]'],
    [Float32Array.of(1, 2, 3, 4), { shape: [2, 2] }, 'float32[2,2]'],
    [Float32Array.of(1, 2, 3, 4), { dtype: 'complex64' }, 'complex64[2]'],
    [Uint16Array.of(0x3c00), { dtype: 'float16' }, 'float16[1]'],
  ])('of %s with %o is %s', (data, options, type) => {
    const { dtype, shape } = tensor(data, options);
    expect(`${dtype}[${shape.join()}]`).toBe(type);
  });

  it.each<[TensorData, object, RegExp]>([
    [[[1, 2], [3]], {}, /not rectangular.*\[2,2\].*array of 1 at depth 1/],
    [[1, [2]], {}, /not rectangular/],
    [[[1], 2], {}, /not rectangular/],
    [[1, 2, 3], { shape: [2] }, /2 elements for \[2\], received 3/],
    [[1.5], { dtype: 'int32' }, /not an integer.*1\.5.*cast/],
    [['a'] as unknown as TensorData, {}, /received 'a'/],
  ])('refuses %s with %o', (data, options, message) => {
    expect(() => tensor(data, options)).toThrow(message);
  });

  it('is known by brand, across copies of the package', () => {
    expect(isTensor(tensor(1))).toBe(true);
    expect(isTensor({ dtype: 'float32', shape: [] })).toBe(false);
    expect(isTensor({ [Symbol.for('ceratops.tensor')]: true })).toBe(true);
  });
});

onDevices(computing, 'reading tensors', () => {
  it.each<[TensorData, object, unknown]>([
    [
      [
        [1, 2],
        [3, 4],
      ],
      {},
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [[true, false], {}, [true, false]],
    [[2n ** 40n], {}, [2n ** 40n]],
    [[1.5, -2], { dtype: 'float16' }, [1.5, -2]],
    [[1.5, -2], { dtype: 'bfloat16' }, [1.5, -2]],
    [
      Float32Array.of(1, 2, 3, 4),
      { dtype: 'complex64' },
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [7, {}, 7],
    [[[], []], {}, [[], []]],
  ])('gives back %s (%o) as nested arrays', async (data, options, expected) => {
    const x = tensor(data, options);
    expect(await x.array()).toEqual(expected);
    // Through the device, too.
    expect(await p.reshape(p.reshape(x, [x.size]), x.shape).array()).toEqual(expected);
  });

  it('gives the only element of a tensor of size 1', async () => {
    expect(await p.add(tensor([[3]]), tensor([[4]])).item()).toBe(7);
    expect(() => tensor([1, 2]).item()).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });

  it('shows dtype and shape, and values once they are on the host', async () => {
    const x = tensor([
      [1, 0.1],
      [Number.NaN, 3],
    ]);
    expect(inspect(x)).toBe('Tensor float32[2,2] [[1, 0.1], [NaN, 3]]');
    const y = p.add(x, x);
    expect(inspect({ y })).toBe('{ y: Tensor float32[2,2] }');
    await y.data();
    expect(inspect(y)).toBe('Tensor float32[2,2] [[2, 0.2], [NaN, 6]]');
    expect(inspect(tensor(new Float32Array(2000), { shape: [2, 1000] }))).toBe(
      'Tensor float32[2,1000] [[0, 0, 0, …, 0, 0, 0], [0, 0, 0, …, 0, 0, 0]]',
    );
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await y.print();
    expect(log).toHaveBeenCalledWith('Tensor float32[2,2] [[2, 0.2], [NaN, 6]]');
    log.mockRestore();
  });
});

onDevices(computing, 'elements that are lent', () => {
  it.each([3, 100])("are the caller's again after a call (%i)", async (length) => {
    const elements = Float32Array.from({ length }, (_, i) => i);
    const doubled = jit((x: Tensor) => p.add(x, x))(borrow(elements, { dtype: 'float32', shape: [length] }));
    elements.fill(-1);
    expect([...(await doubled.data())]).toEqual(Array.from({ length }, (_, i) => 2 * i));
  });
});
