/** Expected values are those of `keras.ops` 3.15.1 on JAX, or follow from the definition by hand. */
import { grad, jit, type Tensor, tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import { onDevices } from '../test-support/devices.js';
import * as ops from './index.js';

const value = async (x: Tensor): Promise<unknown> => x.array();

onDevices('loops and branches of keras.ops', () => {
  it('cond runs one side, also on numbers', async () => {
    const x = tensor([1, 2]);
    const choose = (p: unknown): Tensor =>
      ops.cond(
        p as Tensor,
        () => ops.add(x, 1),
        () => ops.negative(x),
      );
    expect(await value(choose(true))).toEqual([2, 3]);
    expect(await value(choose(tensor(0)))).toEqual([-1, -2]);
    expect(await value(jit((p: Tensor) => choose(p))(tensor(3)))).toEqual([2, 3]);
    expect(() =>
      ops.cond(
        true,
        () => [x],
        () => x as never,
      ),
    ).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', subject: 'cond' }));
  });

  it('switch clamps its index', async () => {
    const branches = [(x: Tensor, y: Tensor) => ops.add(x, y), (x: Tensor, y: Tensor) => ops.multiply(x, y)];
    const [x, y] = [tensor(4), tensor(5)];
    const results = [-7, 0, 1, 9].map((index) => ops.switch(index, branches, x, y));
    expect(await Promise.all(results.map(value))).toEqual([9, 9, 20, 20]);
  });

  it('whileLoop takes a list as arguments and anything else as one', async () => {
    const [i, { total }] = ops.whileLoop(
      (n, _state) => ops.less(n as Tensor, 5),
      (n, state) => [ops.add(n as Tensor, 1), { total: ops.add((state as { total: Tensor }).total, n as Tensor) }],
      [tensor(0), { total: tensor(0) }] as [Tensor, { total: Tensor }],
    );
    expect([await value(i), await value(total)]).toEqual([5, 10]);
    const alone = ops.whileLoop(
      (n) => ops.less(n as Tensor, 5),
      (n) => ops.add(n as Tensor, 2),
      tensor(1),
    );
    expect(await value(alone)).toBe(5);
    const bounded = ops.whileLoop(
      (n) => ops.less(n as Tensor, 100),
      (n) => ops.multiply(n as Tensor, 2),
      tensor(1),
      3,
    );
    expect(await value(bounded)).toBe(8);
  });

  it('foriLoop hands the index in', async () => {
    const sum = ops.foriLoop(1, 4, (i, s: Tensor) => ops.add(s, ops.cast(i, 'float32')), tensor(0.5));
    expect(await value(sum)).toBe(6.5);
  });

  it('scan carries trees and stacks outputs; without elements it counts', async () => {
    const xs = { a: tensor([1, 2, 3]), b: tensor([10, 20, 30]) };
    const [carry, ys] = ops.scan(
      (c: { sum: Tensor }, x: typeof xs) => {
        const sum = ops.add(c.sum, ops.multiply(x.a, x.b));
        return [{ sum }, [sum, ops.negative(x.a)]];
      },
      { sum: tensor(0) },
      xs,
    );
    expect(await value(carry.sum)).toBe(140);
    expect([await value(ys[0] as Tensor), await value(ys[1] as Tensor)]).toEqual([
      [10, 50, 140],
      [-1, -2, -3],
    ]);
    const [power, none] = ops.scan((c: Tensor) => [ops.multiply(c, 2), null], tensor(1), undefined, { length: 5 });
    expect([await value(power), none]).toEqual([32, null]);
    expect(() => ops.scan((c: Tensor) => [[c] as never, null], tensor(1), undefined, { length: 2 })).toThrow(
      /scan: the function changes the structure of its state/,
    );
  });

  it('vectorizedMap takes and gives trees', async () => {
    const { sum } = ops.vectorizedMap(({ a, b }: { a: Tensor; b: Tensor }) => ({ sum: ops.sum(ops.multiply(a, b)) }), {
      a: tensor([
        [1, 2],
        [3, 4],
      ]),
      b: tensor([10, 100]),
    });
    expect(await value(sum)).toEqual([30, 700]);
  });

  it('map and associativeScan', async () => {
    const squares = ops.map((x: Tensor) => ops.multiply(x, x), tensor([1, 2, 3]));
    expect(await value(squares)).toEqual([1, 4, 9]);
    const sums = ops.associativeScan(
      (a: Tensor, b: Tensor) => ops.add(a, b),
      tensor([
        [1, 2],
        [3, 4],
      ]),
      { axis: -1, reverse: true },
    );
    expect(await value(sums)).toEqual([
      [3, 2],
      [7, 4],
    ]);
  });

  it('gradients flow through scans and bounded loops', async () => {
    const power = (x: Tensor): Tensor =>
      ops.scan((c: Tensor) => [ops.multiply(c, x), null], tensor(1), undefined, { length: 4 })[0];
    expect(await value(jit(grad(power))(tensor(3)))).toBe(4 * 27);
  });
});
