import { expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { computing, onDevices } from '../test-support/devices.js';
import { jit } from '../transform/jit.js';
import { Variable } from '../variable.js';
import { currentEngine, memory } from './default-engine.js';

onDevices(computing, 'scalars of eager code', () => {
  it('leave in the order in which they came, without a collection, and come back when they are used again', async () => {
    const first = tensor(0.5);
    expect(await p.add(first, first).item()).toBe(1);
    let [next, sum] = [0, 0];
    for (let round = 0; round < 4; round++) {
      let total = tensor([0]);
      for (let i = 0; i < 800; i++) {
        const value = ++next * 0.25;
        total = p.add(total, p.reshape(tensor(value), [1]));
        sum += value;
      }
      expect(await total.item()).toBe(sum);
      sum = 0;
    }
    // 1,024 of 3,200, and a few results.
    expect(memory().liveBuffers).toBeLessThan(1024 + 20);
    expect(await p.add(first, first).item()).toBe(1);
  });

  it('may be more in one launch than stay', async () => {
    let total = tensor([0]);
    for (let i = 1; i <= 3000; i++) total = p.add(total, p.reshape(tensor(i * 0.25), [1]));
    expect(await total.item()).toBe((3000 * 3001) / 8);
  });

  it('come back when they gave way while work waited for a program', async () => {
    const scalar = tensor(0.125);
    const atOnce = (): Tensor => p.multiply(scalar, scalar);
    expect(await atOnce().item()).toBe(0.015625);
    const waits = p.negate(tensor([1, 2])).data();
    for (let i = 0; i < 1100; i++) p.multiply(tensor(i + 2), tensor(3));
    await Promise.all([waits, p.exponential(tensor([1, 2])).data(), expect(atOnce().item()).resolves.toBe(0.015625)]);
  });

  it('give way where they are arguments of jitted functions only', async () => {
    const step = jit((x: Tensor) => p.add(x, x));
    for (let i = 0; i < 1500; i++) {
      using result = step(tensor(i + 0.5));
      if (i % 500 === 0) expect(await result.item()).toBe(2 * i + 1);
    }
    await currentEngine().settled();
    expect(memory().liveBuffers).toBeLessThan(1024 + 20);
  });

  it('are not given away: others have the same buffer', async () => {
    const initial = tensor(0.5);
    const variable = new Variable(initial);
    initial.dispose();
    jit(() => variable.assign(p.add(variable.value, variable.value)))();
    const other = tensor(0.5);
    expect(await p.multiply(other, other).item()).toBe(0.25);
    expect(await variable.value.item()).toBe(1);
  });
});
