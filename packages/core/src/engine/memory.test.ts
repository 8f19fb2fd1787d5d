import { nullBackend, referenceBackend } from '@ceratops/kernel-registry/testing';
import { describe, expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { all, onDevices } from '../test-support/devices.js';
import { jit } from '../transform/jit.js';
import { Variable } from '../variable.js';
import { memory, useBackend } from './default-engine.js';
import { defaultSlackBytes } from './memory.js';

const megabyte = 2 ** 20;
const large = (): Tensor => tensor(new Float32Array(megabyte / 4));

/** The most bytes that live on the device after any of the iterations, and after the first. */
async function peaks(iterations: number, run: (i: number) => unknown): Promise<{ first: number; peak: number }> {
  await run(0);
  const first = memory().liveBytes;
  let peak = first;
  for (let i = 1; i < iterations; i++) {
    await run(i);
    peak = Math.max(peak, memory().liveBytes);
  }
  return { first, peak };
}

describe('memory during 1,000 iterations of 1 MB, with no flags and no dispose', () => {
  it.each<[string, () => (i: number) => unknown]>([
    [
      'fresh data and a read',
      () => {
        const x = large();
        return () => p.add(x, large()).data();
      },
    ],
    [
      'a chain',
      () => {
        let x = large();
        const y = large();
        return () => (x = p.add(x, y)).data();
      },
    ],
    [
      'sinks that nobody reads, and now and then one that somebody does',
      () => {
        const x = large();
        return (i) => {
          const sink = p.add(x, x);
          return i % 7 === 0 ? p.multiply(sink, x).data() : p.multiply(sink, sink);
        };
      },
    ],
    [
      'a variable that eager code assigns',
      () => {
        const v = new Variable(large());
        const x = large();
        return () => {
          v.assign(p.add(v.value, x));
          return v.value.data();
        };
      },
    ],
    [
      'results of jit',
      () => {
        const step = jit((x: Tensor) => p.add(x, x));
        const x = large();
        return () => step(x).data();
      },
    ],
  ])('stays within the first iteration and the stated budget: %s', async (_name, make) => {
    useBackend(nullBackend());
    const { first, peak } = await peaks(1000, make());
    expect(peak).toBeLessThanOrEqual(first + defaultSlackBytes);
  });

  it('keeps what is still held, however much it is', async () => {
    useBackend(referenceBackend(), { slackBytes: 2 * megabyte });
    const x = large();
    const held: Tensor[] = [];
    for (let i = 0; i < 12; i++) {
      const y = p.add(x, p.broadcastTo(tensor(i + 2), x.shape));
      await y.data();
      held.push(y);
    }
    const firsts = await Promise.all(held.map(async (y) => (await y.data())[0]));
    expect(firsts).toEqual(held.map((_, i) => i + 2));
  });
});

describe('training', () => {
  it('needs no collection at all: state is freed by count', async () => {
    const device = nullBackend();
    useBackend(device);
    const w = new Variable(large());
    const m = new Variable(() => large());
    const step = jit((x: Tensor) => {
      m.assign(p.add(m.value, x));
      w.assign(p.subtract(w.value, m.value));
      return p.reduceSum(w.value, [0]);
    });
    let first = 0;
    for (let i = 0; i < 1000; i++) {
      const x = large();
      step(x).dispose();
      x.dispose();
      if (i === 0) first = device.memory().liveBytes;
      expect(device.memory().liveBytes).toBeLessThanOrEqual(first);
    }
  });
});

onDevices(
  all,
  'a device that is full',
  (device) => {
    it('is an error that names dispose; what fits runs afterwards', async () => {
      const x = large();
      const kept: Tensor[] = [];
      const grow = async (): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          const y = p.add(x, x);
          kept.push(y);
          await y.data();
        }
      };
      await expect(grow()).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
      await expect(kept.at(-1)!.data()).rejects.toThrow(/using.*dispose/);
      expect(device().memory().liveBytes).toBeLessThanOrEqual(5 * megabyte);
      const step = jit((y: Tensor) => p.add(y, y));
      expect(() => step(x)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
      for (const y of kept) y.dispose();
      await p.multiply(x, x).data();
    });

    it('reads a tensor that is disposed of while room is made for it', async () => {
      const x = large();
      for (let i = 0; i < 3; i++) await p.add(x, x).data();
      const y = p.multiply(x, x);
      const reading = y.data();
      y.dispose();
      expect(await reading).toHaveLength(megabyte / 4);
      expect(device().memory().liveBytes).toBeLessThanOrEqual(4 * megabyte);
    });

    it('collects what nobody holds before it gives up', async () => {
      const x = large();
      for (let i = 0; i < 20; i++) await p.add(x, x).data();
    });
  },
  { limitBytes: 5 * megabyte },
);

describe('variables that nobody holds', () => {
  it('free their value when they are collected', async () => {
    const device = nullBackend();
    useBackend(device, { slackBytes: 4 * megabyte });
    const x = large();
    const make = (): void => {
      const v = new Variable(x);
      jit(() => v.assign(p.add(v.value, v.value)))();
    };
    for (let i = 0; i < 100; i++) {
      make();
      await p.add(x, x).data();
    }
    expect(device.memory().liveBytes).toBeLessThanOrEqual(50 * megabyte);
  });
});
