import { expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { asTensor } from '../promotion.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { all, computing, onDevices } from '../test-support/devices.js';
import { Variable } from '../variable.js';
import { currentEngine } from './default-engine.js';

onDevices(computing, 'eager code', (device) => {
  it('computes what was recorded', async () => {
    const x = tensor([1, 2, 3]);
    const y = p.multiply(p.add(x, x), x);
    expect(await y.array()).toEqual([2, 8, 18]);
  });

  it('runs nothing before somebody reads', () => {
    p.add(tensor([1]), tensor([2]));
    expect(device().counters).toMatchObject({ compiles: 0, executes: 0, writes: 0 });
  });

  it('computes the sinks with what was asked for, in one launch', async () => {
    const x = tensor([1, 2]);
    const asked = p.add(x, x);
    const sink = p.multiply(asked, x);
    await asked.data();
    expect(device().counters.executes).toBe(1);
    expect(await sink.array()).toEqual([2, 8]);
    expect(device().counters.executes).toBe(1);
  });

  it('makes a node that a second flush needs an output of that flush', async () => {
    const x = tensor([2, 3]);
    const inner = p.multiply(x, x);
    await p.add(inner, x).data();
    expect(await p.subtract(inner, x).array()).toEqual([2, 6]);
    expect(device().counters.executes).toBe(2);
    expect(await inner.array()).toEqual([4, 9]);
    expect(device().counters.executes).toBe(2);
  });

  it('computes again through several nodes that evaporated', async () => {
    const x = tensor([2]);
    const a = p.add(x, x);
    const b = p.multiply(a, a);
    await p.negate(b).data();
    expect(await p.add(b, a).array()).toEqual([20]);
    expect(await a.array()).toEqual([4]);
  });

  it('computes the current values of variables with every flush', async () => {
    const v = new Variable(tensor([1, 1]));
    v.assign(p.add(v.value, v.value));
    await p.add(tensor([5]), tensor([5])).data();
    expect(device().counters.executes).toBe(1);
    expect(await v.value.array()).toEqual([2, 2]);
    expect(device().counters.executes).toBe(1);
  });

  it('keeps both results of an op that has two', async () => {
    const [values, indices] = p.sort([tensor([3, 1, 2]), tensor(Int32Array.of(0, 1, 2))], 0) as [Tensor, Tensor];
    expect(await indices.array()).toEqual([1, 2, 0]);
    expect(await values.array()).toEqual([1, 2, 3]);
    expect(device().counters.executes).toBe(1);
  });

  it('reads constants and host data without the device', async () => {
    expect(await p.constant(3, { dtype: 'int32', shape: [2] }).array()).toEqual([3, 3]);
    expect(await tensor([[1], [2]]).array()).toEqual([[1], [2]]);
    expect(device().counters).toMatchObject({ executes: 0, writes: 0, reads: 0 });
  });

  it('copies host data when a tensor is made', async () => {
    const data = Float32Array.of(1, 2);
    const x = tensor(data);
    data[0] = 9;
    expect(await p.add(x, x).array()).toEqual([2, 4]);
    const read = (await x.data()) as Float32Array;
    read[0] = 7;
    expect(await x.array()).toEqual([1, 2]);
  });

  it('launches by itself when very much is recorded and nothing read', async () => {
    let x: Tensor = tensor([0]);
    const one = tensor([1]);
    for (let i = 0; i < 10_000; i++) x = p.add(x, one);
    expect(await x.array()).toEqual([10_000]);
    expect(device().counters.executes).toBeGreaterThan(1);
  });
});

onDevices(computing, 'the bytes of what nothing consumes yet', () => {
  const bytes = (): number => currentEngine().graph.sinkBytes;

  it('count a value once, however it came to be recorded', async () => {
    const x = tensor(new Float32Array(100));
    const passing = p.add(x, x);
    const sum = p.negate(passing);
    expect(bytes()).toBe(400);
    await sum.data();
    expect(bytes()).toBe(0);
    p.multiply(passing, x);
    expect(bytes()).toBe(400);
  });

  it('count the results of an op that has several, not the op', () => {
    p.sort([tensor(new Float32Array(100)), tensor(new Int32Array(100))], 0);
    expect(bytes()).toBe(800);
  });
});

onDevices(all, 'the cache of eager programs', (device) => {
  const half = (x: Tensor, factor: number): Tensor =>
    p.multiply(x, p.broadcastTo(asTensor(factor, 'float32'), x.shape));

  it('compiles a loop body once', async () => {
    let x: Tensor = tensor([1, 2]);
    const y = tensor([3, 4]);
    for (let i = 0; i < 5; i++) {
      x = p.add(p.multiply(x, y), y);
      await x.data();
    }
    expect(device().counters).toMatchObject({ compiles: 1, executes: 5 });
  });

  it('compiles nothing for a changed scalar', async () => {
    const x = tensor([1, 2]);
    for (const factor of [0.5, 0.25, 0.125, 7]) await half(x, factor).data();
    expect(device().counters.compiles).toBe(1);
  });

  it('compiles nothing when two scalars happen to be equal', async () => {
    const x = tensor([1, 2]);
    await half(half(x, 3), 5).data();
    await half(half(x, 5), 5).data();
    expect(device().counters.compiles).toBe(1);
  });

  it('takes 0 and ±1 as literals', async () => {
    await half(tensor([1, 2]), 1).data();
    expect(device().counters.writes).toBe(1);
  });

  it('compiles again for other shapes and other ops', async () => {
    await p.add(tensor([1]), tensor([1])).data();
    await p.add(tensor([1, 2]), tensor([1, 2])).data();
    await p.subtract(tensor([1, 2]), tensor([1, 2])).data();
    expect(device().counters.compiles).toBe(3);
  });
});

onDevices(
  all,
  'a cache that is too small',
  (device) => {
    it('drops the least recently used program and compiles it again', async () => {
      const run = (n: number): Promise<unknown> =>
        p.add(tensor(new Float32Array(n)), tensor(new Float32Array(n))).data();
      for (const n of [1, 2, 1, 2, 3, 2, 1]) await run(n);
      expect(device().counters.compiles).toBe(4);
    });
  },
  { cacheBytes: 4000 },
);

onDevices(computing, 'reading', (device) => {
  it('answers synchronously exactly where the device can', () => {
    const x = p.add(tensor([1]), tensor([2]));
    if (device().readSync !== undefined) expect(x.arraySync()).toEqual([3]);
    else expect(() => x.dataSync()).toThrow(expect.objectContaining({ code: 'WOULD_BLOCK' }));
  });

  it('takes tensors through dispose only, and says so', async () => {
    const x = tensor([1, 2]);
    const y = p.add(x, x);
    const pending = y.data();
    y.dispose();
    y.dispose();
    expect(await pending).toEqual(Float32Array.of(2, 4));
    expect(() => y.data()).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    expect(() => p.add(y, x)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    expect(await x.array()).toEqual([1, 2]);
  });

  it('frees what is disposed, and only once nothing recorded needs it', async () => {
    const x = tensor(new Float32Array(100));
    const y = p.add(x, x);
    await y.data();
    const z = p.multiply(y, y);
    y.dispose();
    x.dispose();
    expect(device().memory().liveBuffers).toBe(1);
    await z.data();
    expect(device().memory().liveBuffers).toBe(1);
    z.dispose();
    expect(device().memory().liveBuffers).toBe(0);
  });

  it('frees through nodes that were computed only in passing', async () => {
    for (let i = 0; i < 3; i++) {
      using x = tensor(new Float32Array(100));
      using inner = p.add(x, x);
      using y = p.multiply(inner, inner);
      using idle = p.negate(inner);
      await y.data();
      expect(idle.size).toBe(100);
    }
    expect(device().memory().liveBuffers).toBe(0);
  });

  it('has no use for JavaScript operators', () => {
    const x = tensor([1]);
    // @ts-expect-error tensors are no numbers
    expect(() => x + x).toThrow(/ops\.add/);
    expect(`${x}`).toBe('Tensor float32[1] [1]');
  });
});
