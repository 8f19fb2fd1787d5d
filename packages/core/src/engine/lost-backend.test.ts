/** A device that is lost takes its values along, and nothing else: the next call has another one. */

import { type BackendFactory, contractVersion, registerBackend } from '@ceratops/kernel-registry';
import { type FakeRemote, fakeRemoteBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { jit } from '../transform/jit.js';
import { Variable } from '../variable.js';
import { closeBackend, getBackend, memory, setBackend, useBackend } from './default-engine.js';

const made: FakeRemote[] = [];
let refused = false;

const factory: BackendFactory = {
  name: 'losable',
  version: '1',
  contract: contractVersion,
  priority: 0,
  create: () => {
    if (refused) throw new Error('nobody answers');
    made.push(fakeRemoteBackend());
    return made.at(-1)!;
  },
};

const large = (value: number): Tensor => tensor(new Float32Array(100).fill(value));
const first = async (x: Tensor): Promise<number> => (await x.data())[0] as number;
const lose = (): void => made.at(-1)!.disconnect();

beforeEach(async () => {
  registerBackend(factory);
  await setBackend('losable');
});

afterEach(async () => {
  await closeBackend();
  await Promise.all(made.splice(0).map((backend) => backend.close()));
});

describe('a lost device', () => {
  it('rejects what waits; the next call works, also with tensors whose elements are on the host', async () => {
    const small = tensor([1, 2]);
    await p.add(small, small).data();
    const x = large(2);
    const waiting = p.add(x, x).data();
    lose();
    await expect(waiting).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    expect(await p.add(small, small).array()).toEqual([2, 4]);
    expect(await first(p.negate(large(3)))).toBe(-3);
    expect(getBackend()).toBe(made.at(-1));
    await expect(p.negate(x).data()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  });

  it('is noticed before anyone asks it', async () => {
    const x = large(2);
    await x.data();
    const y = p.add(x, x);
    await y.data();
    lose();
    await Promise.resolve();
    expect(await first(p.add(large(1), large(1)))).toBe(2);
    await expect(y.data()).rejects.toMatchObject({
      code: 'DEVICE_LOST',
      problem: 'fake-remote: the connection is gone',
    });
    await expect(p.add(y, large(1)).data()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    y.dispose();
    x.dispose();
    expect(await first(p.add(large(1), large(1)))).toBe(2);
  });

  it('takes the state of programs along, by name; assigned anew, the same program goes on', async () => {
    const v = new Variable(large(1), { path: 'model/kernel' });
    const w = new Variable(tensor([5]));
    const step = jit((x: Tensor) => {
      v.assign(p.add(v.value, x));
      return p.multiply(v.value, v.value);
    });
    const read = jit(() => w.value);
    await step(large(1)).data();
    await read().data();
    lose();
    await Promise.resolve();
    expect(() => step(large(1))).toThrow(
      expect.objectContaining({ code: 'DEVICE_LOST', subject: 'variable model/kernel', remedy: expect.anything() }),
    );
    expect(await read().array()).toEqual([5]);
    v.assign(large(10));
    expect(await first(step(large(1)))).toBe(121);
    expect(await first(v.value)).toBe(11);
  });

  it('has programs compiled anew, though their compilation was under way', async () => {
    const square = jit((x: Tensor) => p.multiply(x, x));
    const early = square(large(2)).data();
    lose();
    await expect(early).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    const inTime = square(large(3)).data();
    expect(await inTime.then((data) => data[0])).toBe(9);
    expect(made.at(-1)!.counters.compiles).toBe(1);
    lose();
    await Promise.resolve();
    expect(await first(square(large(4)))).toBe(16);
  });

  it('gives its memory back', async () => {
    const held = Array.from({ length: 5 }, () => large(1));
    for (const x of held) await p.negate(x).data();
    expect(memory().liveBytes).toBeGreaterThanOrEqual(2000);
    lose();
    await Promise.resolve();
    expect(memory()).toEqual({ liveBytes: 0, peakBytes: 0, liveBuffers: 0 });
    const y = p.negate(large(1));
    await y.data();
    const { liveBuffers } = memory();
    for (const x of held) x.dispose();
    expect(memory().liveBuffers).toBe(liveBuffers);
  });

  it('may be followed by another backend: variables come along', async () => {
    const v = new Variable(large(1));
    await p.negate(v.value).data();
    lose();
    await Promise.resolve();
    await setBackend('losable');
    v.assign(p.add(large(1), large(2)));
    expect(await first(p.negate(v.value))).toBe(-3);
  });

  it('that cannot be replaced yet: each call says so and tries again', async () => {
    lose();
    await Promise.resolve();
    refused = true;
    await expect(p.negate(large(1)).data()).rejects.toThrow('nobody answers');
    await expect(p.negate(large(1)).data()).rejects.toThrow('nobody answers');
    refused = false;
    expect(await first(p.negate(large(1)))).toBe(-1);
  });

  it('made by hand stays lost: nobody else can make another', async () => {
    const backend = fakeRemoteBackend();
    useBackend(backend);
    await p.negate(large(1)).data();
    backend.disconnect();
    await expect(p.negate(large(1)).data()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    await expect(p.negate(large(1)).data()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    await setBackend('losable');
    expect(await first(p.negate(large(1)))).toBe(-1);
  });
});
