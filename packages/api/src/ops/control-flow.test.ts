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

  it('foriLoop takes bounds of any integers', async () => {
    const int = (bound: number, dtype: 'uint8' | 'int32' | 'int64'): Tensor => tensor(bound, { dtype });
    const dtypes: string[] = [];
    const sum = (lower: number | Tensor, upper: number | Tensor): Tensor =>
      ops.foriLoop(
        lower,
        upper,
        (i, s: Tensor) => {
          dtypes.push(i.dtype);
          return ops.add(s, ops.cast(i, 'float32'));
        },
        tensor(0.5),
      );
    const sums = [
      sum(1, int(4, 'uint8')),
      sum(int(1, 'int64'), int(4, 'int32')),
      sum(int(1, 'uint8'), int(4, 'uint8')),
    ];
    expect(await Promise.all(sums.map(value))).toEqual([6.5, 6.5, 6.5]);
    expect(dtypes).toEqual(['int32', 'int64', 'uint8']);
  });

  it('items have the gradient of their own branch alone', async () => {
    // JAX's values; the root of what is negative, and of 0, has none.
    const rootOr3x = (x: Tensor): Tensor =>
      ops.cond(
        ops.greater(x, 0),
        () => ops.sqrt(x),
        () => ops.multiply(x, 3),
      );
    const choose = (x: Tensor): Tensor =>
      ops.switch(
        ops.cast(x, 'int32'),
        [(v: Tensor) => ops.multiply(v, 2), (v: Tensor) => ops.log(v), (v: Tensor) => ops.sqrt(ops.subtract(v, 1))],
        x,
      );
    const items = tensor([-1, 0, 4]);
    const of = (f: (x: Tensor) => Tensor): Tensor => grad((x: Tensor) => ops.sum(ops.vectorizedMap(f, x)))(items);
    expect(await value(of(rootOr3x))).toEqual([3, 3, 0.25]);
    const [a, b, c] = (await value(of(choose))) as [number, number, number];
    expect([a, b]).toEqual([2, 2]);
    expect(c).toBeCloseTo(0.5 / Math.sqrt(3), 6);
  });

  it('functions may give no tensors', () => {
    expect(
      ops.cond(
        true,
        () => null,
        () => null,
      ),
    ).toBeNull();
    expect(ops.map(() => null, tensor([1, 2]))).toBeNull();
    expect(ops.scan(() => [null, []], null, tensor([1, 2]))).toEqual([null, []]);
    expect(
      ops.whileLoop(
        () => tensor(false),
        () => [],
        [] as Tensor[],
      ),
    ).toEqual([]);
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

  it.each([1, 2, 3, 4, 7, true, false])('scan with unroll %s gives what the loop gives', async (unroll) => {
    const [carry, ys] = ops.scan(
      (c: Tensor, x: Tensor) => [ops.add(ops.multiply(c, 2), x), ops.subtract(c, x)],
      tensor(1),
      tensor([3, 1, 4, 1]),
      { unroll },
    );
    // 1 → 5 → 11 → 26 → 53
    expect([await value(carry), await value(ys)]).toEqual([53, [-2, 4, 7, 25]]);
  });
});

const t = tensor;
const ints = (x: Tensor): Tensor => ops.cast(x, 'int32');
const loosely = (fn: unknown): never => fn as never;
const same = loosely((x: Tensor) => x);
const pairOf = (next: (c: Tensor) => unknown): never => loosely((c: Tensor, x: Tensor) => [next(c), x]);

const wrong: readonly (readonly [what: string, run: () => unknown, code: string, message: RegExp])[] = [
  [
    'a carry of another dtype',
    () => ops.scan(pairOf(ints), t(1), t([1, 2])),
    'INVALID_ARGUMENT',
    /^scan: the function changes the type of its state, expected float32\[\], received int32\[\]/,
  ],
  [
    'a carry of another shape, without a loop too',
    () =>
      ops.scan(
        pairOf((c) => ops.stack([c, c])),
        t(1),
        t([1, 2]),
        { unroll: true },
      ),
    'INVALID_ARGUMENT',
    /^scan: the function changes the type of its state, expected float32\[\], received float32\[2\]/,
  ],
  [
    'a leaf of a carry that changes',
    () =>
      ops.scan(
        loosely((c: { a: Tensor; 'b c': Tensor[] }, x: Tensor) => [{ ...c, 'b c': [c.a, ints(c.a)] }, x]),
        { a: t(1), 'b c': [t(1), t(2)] },
        t([1, 2]),
      ),
    'INVALID_ARGUMENT',
    /at \["b c"\]\[1\], expected float32\[\], received int32\[\]/,
  ],
  [
    'a carry of another structure',
    () =>
      ops.scan(
        loosely((c: { a: Tensor }, x: Tensor) => [{ a: c.a }, x]),
        { a: t(1), b: t(2) },
        t([1, 2]),
      ),
    'INVALID_ARGUMENT',
    /^scan: the function changes the structure of its state, expected \{"a":\*,"b":\*\}, received \{"a":\*\}/,
  ],
  [
    'no pair',
    () => ops.scan(same, t(1), t([1, 2])),
    'INVALID_ARGUMENT',
    /^scan: the function gives no pair, expected \[next/,
  ],
  [
    'slices of unequal lengths',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        [t([1, 2]), t([1, 2, 3])],
      ),
    'SHAPE_MISMATCH',
    /^scan: .*expected tensors of one length.*received float32\[2\], float32\[3\]/,
  ],
  [
    'slices of a scalar',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        t(3),
      ),
    'SHAPE_MISMATCH',
    /^scan: .*not scalars, received float32\[\]/,
  ],
  [
    'no length at all',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
      ),
    'SHAPE_MISMATCH',
    /^scan: .*received no tensors/,
  ],
  [
    'another length than the slices have',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        t([1, 2]),
        { length: 3 },
      ),
    'SHAPE_MISMATCH',
    /^scan: .*expected the first dimension 3, received float32\[2\]/,
  ],
  [
    'a negative length',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        undefined,
        { length: -1 },
      ),
    'INVALID_ARGUMENT',
    /^scan: bad 'length'.*received -1/,
  ],
  [
    'unroll 0',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        t([1]),
        { unroll: 0 },
      ),
    'INVALID_ARGUMENT',
    /^scan: bad 'unroll'.*received 0/,
  ],
  [
    'checkpointEvery 0',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        t([1]),
        { checkpointEvery: 0 },
      ),
    'INVALID_ARGUMENT',
    /^scan: bad 'checkpointEvery'/,
  ],
  [
    'unroll and checkpointEvery',
    () =>
      ops.scan(
        pairOf((c) => c),
        t(1),
        t([1]),
        { checkpointEvery: 2, unroll: 2 },
      ),
    'INVALID_ARGUMENT',
    /^scan: both 'checkpointEvery' and 'unroll', expected one of them/,
  ],
  [
    'no function to scan',
    () => ops.scan(loosely(3), t(1), t([1])),
    'INVALID_ARGUMENT',
    /^scan: 'f' is no function.*received number/,
  ],
  [
    'a condition of several truth values',
    () =>
      ops.whileLoop(
        loosely((x: Tensor) => ops.less(x, 2)),
        same,
        t([1, 2]),
      ),
    'INVALID_ARGUMENT',
    /^whileLoop: the condition is not one truth value, expected a bool scalar, received bool\[2\]/,
  ],
  [
    'a condition that is a number',
    () => ops.whileLoop(same, same, t(1)),
    'INVALID_ARGUMENT',
    /^whileLoop: the condition is not one truth value, expected a bool scalar, received float32\[\]/,
  ],
  [
    'a state of another dtype',
    () =>
      ops.whileLoop(
        loosely((x: Tensor) => ops.less(x, 2)),
        loosely(ints),
        t(1),
      ),
    'INVALID_ARGUMENT',
    /^whileLoop: the function changes the type of its state at \[0\], expected float32\[\], received int32\[\]/,
  ],
  [
    'a state of another shape over numbers',
    () =>
      ops.foriLoop(
        0,
        3,
        loosely((_: Tensor, s: Tensor) => ops.stack([s, s])),
        t(1),
      ),
    'INVALID_ARGUMENT',
    /^foriLoop: the function changes the type of its state, expected float32\[\], received float32\[2\]/,
  ],
  [
    'bounds that are no scalars',
    () =>
      ops.foriLoop(
        t([0, 1]),
        3,
        loosely((_: Tensor, s: Tensor) => s),
        t(1),
      ),
    'INVALID_ARGUMENT',
    /^foriLoop: bad bound.*float32\[2\]/,
  ],
  [
    'bounds between integers',
    () =>
      ops.foriLoop(
        0.5,
        3,
        loosely((_: Tensor, s: Tensor) => s),
        t(1),
      ),
    'INVALID_ARGUMENT',
    /^foriLoop: bad bound.*received 0\.5/,
  ],
  [
    'sides of different dtypes',
    () =>
      ops.cond(
        true,
        () => t(1),
        loosely(() => ints(t(1))),
      ),
    'INVALID_ARGUMENT',
    /^cond: trueFn gives another type than falseFn, expected int32\[\], received float32\[\]/,
  ],
  [
    'sides that differ in one leaf',
    () =>
      ops.cond(
        true,
        () => ({ a: t(1), b: t([1]) }),
        () => ({ a: t(1), b: t([1, 2]) }),
      ),
    'INVALID_ARGUMENT',
    /^cond: trueFn gives another type than falseFn at \.b, expected float32\[2\], received float32\[1\]/,
  ],
  [
    'sides of different structure',
    () =>
      ops.cond(
        true,
        () => [t(1), t(2)],
        loosely(() => [t(1)]),
      ),
    'INVALID_ARGUMENT',
    /^cond: trueFn gives another structure than falseFn, expected \[\*\], received \[\*,\*\]/,
  ],
  [
    'a side that is a tensor',
    () => ops.cond(true, loosely(t(1)), () => t(1)),
    'INVALID_ARGUMENT',
    /^cond: 'trueFn' is no function/,
  ],
  [
    'several truth values',
    () =>
      ops.cond(
        t([1, 0]),
        () => t(1),
        () => t(2),
      ),
    'INVALID_ARGUMENT',
    /^cond: not one truth value/,
  ],
  ['no branches', () => ops.switch(0, []), 'INVALID_ARGUMENT', /^switch: no branches, expected at least one function/],
  [
    'an index that is no integer',
    () => ops.switch(t(0.5), [() => t(1)]),
    'INVALID_ARGUMENT',
    /^switch: bad index, expected an integer scalar, received float32\[\]/,
  ],
  [
    'several indices',
    () => ops.switch(ints(t([0, 1])), [() => t(1)]),
    'INVALID_ARGUMENT',
    /^switch: bad index.*received int32\[2\]/,
  ],
  [
    'branches of different shapes',
    () => ops.switch(0, [() => t([1]), () => t([1, 2])]),
    'INVALID_ARGUMENT',
    /^switch: branch 1 gives another type than branch 0, expected float32\[1\], received float32\[2\]/,
  ],
  ['a map over a scalar', () => ops.map(same, t(1)), 'SHAPE_MISMATCH', /^map: .*not scalars, received float32\[\]/],
  [
    'a map over unequal lengths',
    () => ops.map(same, [t([1]), t([1, 2])]),
    'SHAPE_MISMATCH',
    /^map: .*received float32\[1\], float32\[2\]/,
  ],
  ['a map over nothing', () => ops.map(same, []), 'SHAPE_MISMATCH', /^map: .*received no tensors/],
  [
    'a vectorized map over a scalar',
    () => ops.vectorizedMap(same, t(1)),
    'SHAPE_MISMATCH',
    /^vectorizedMap: .*received float32\[\]/,
  ],
  [
    'an associative scan of a scalar',
    () => ops.associativeScan(same, t(1)),
    'SHAPE_MISMATCH',
    /^associativeScan: .*received float32\[\]/,
  ],
  [
    'an associative function that gives another shape',
    () =>
      ops.associativeScan(
        loosely((a: Tensor) => ops.sum(a)),
        t([1, 2, 3]),
      ),
    'INVALID_ARGUMENT',
    /^associativeScan: the function changes the type of its state, expected float32\[1\], received float32\[\]/,
  ],
  [
    'a tensor that moves to another place of the state',
    () =>
      ops.scan(
        loosely(([a]: [Tensor, null]) => [[null, a], null]),
        [t(1), null],
        t([1]),
      ),
    'INVALID_ARGUMENT',
    /^scan: the function changes the structure of its state, expected \[\*,null\], received \[null,\*\]/,
  ],
  [
    'a branch that gives nothing where the other gives a tensor',
    () =>
      ops.cond(
        true,
        () => ({ a: t(1) }),
        loosely(() => ({ a: null })),
      ),
    'INVALID_ARGUMENT',
    /^cond: trueFn gives another structure than falseFn, expected \{"a":null\}, received \{"a":\*\}/,
  ],
  [
    'a bound that is no number',
    () => ops.foriLoop(0, loosely(null), same, t(1)),
    'INVALID_ARGUMENT',
    /^foriLoop: bad bound, expected an integer of 32 bits, received null/,
  ],
  [
    'a bound beyond int32',
    () => ops.foriLoop(0, 2 ** 31, (_i, s) => s, t(1)),
    'INVALID_ARGUMENT',
    /received 2147483648/,
  ],
  [
    'half an iteration at most',
    () => ops.whileLoop(same, same, t(1), 0.5),
    'INVALID_ARGUMENT',
    /^whileLoop: bad 'maximumIterations', expected a whole number, 0 or more, received 0.5/,
  ],
];

onDevices('loops and branches refuse', () => {
  it.each(wrong)('%s', (_, run, code, message) => {
    expect(run).toThrow(
      expect.objectContaining({ name: 'CeratopsError', code, message: expect.stringMatching(message) }),
    );
  });
});
