/** Decompositions that come late: at once in Node, by an import in a page. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import goldens from '../../goldens/random.json' with { type: 'json' };

/** As in a process where nobody has computed anything yet. */
async function fresh() {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
  const { jit, tensor, useBackend, Variable } = await import('../index.js');
  const { add, broadcastTo, compositeAtHand, multiply, negate } = await import('../primitives/index.js');
  const { truncatedNormal } = await import('../random/index.js');
  const { erf } = await import('@ceratops/kernel-registry/composites');
  const { referenceBackend } = await import('@ceratops/kernel-registry/testing');
  const backend = referenceBackend();
  useBackend(backend);
  const gelu = (values: readonly number[]) => {
    const x = tensor(values);
    const all = (value: number) => broadcastTo(tensor(value), x.shape);
    const phi = compositeAtHand(erf, [multiply(x, all(Math.SQRT1_2))])[0]!;
    return multiply(multiply(x, all(0.5)), add(phi, all(1)));
  };
  const draw = (key: readonly number[]) => truncatedNormal(tensor(Uint32Array.from(key)), [40]);
  const negated = (values: readonly number[]) => negate(tensor(values));
  return { backend, gelu, draw, jit, multiply, negated, tensor, Variable };
}

/** Of PyTorch. */
const geluInputs = [-3, -1, 0, 0.5, 2];
const geluOutputs = [-0.00404969409489031, -0.158655253931457, 0, 0.345731230637007, 1.95449973610364];
const drawn = goldens.jax.find(({ fn, dtype }) => fn === 'truncatedNormal' && dtype === 'float32')!;
const drawnElements = drawn.bits
  .match(/.{8}/g)!
  .map((word) => new Float32Array(Uint32Array.of(Number(`0x${word}`)).buffer)[0]!);

function expectNear(actual: ArrayLike<unknown>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(actual[i], `element ${i}`).toBeCloseTo(value, 5);
  });
}

describe('in Node', () => {
  it('nothing waits', async () => {
    const { gelu, draw } = await fresh();
    expectNear(gelu(geluInputs).dataSync(), geluOutputs);
    expectNear(draw(drawn.key!).dataSync(), drawnElements);
  });
});

describe('in a page', () => {
  /** Requests that fail from now on. */
  let failures: number;
  let loads: number;
  beforeEach(() => {
    failures = 0;
    loads = 0;
    vi.doMock('./node.js', () => import('./page.js'));
    vi.doMock('./decompositions.js', async (original) => {
      const actual = await original<typeof import('./decompositions.js')>();
      const bringDecompositions = (): void => {
        loads++;
        if (failures-- > 0) throw new TypeError('Failed to fetch dynamically imported module: /chunk.js');
        actual.bringDecompositions();
      };
      return { ...actual, bringDecompositions };
    });
    return () => {
      vi.doUnmock('./node.js');
      vi.doUnmock('./decompositions.js');
    };
  });

  it('they load when a program first needs one, and what follows keeps its order', async () => {
    const { gelu, draw } = await fresh();
    const activated = gelu(geluInputs).data();
    const sample = draw(drawn.key!);
    expect(() => sample.dataSync()).toThrow(
      expect.objectContaining({ code: 'WOULD_BLOCK', remedy: 'use `await tensor.data()`' }),
    );
    expectNear(await activated, geluOutputs);
    expectNear(await sample.data(), drawnElements);
    expect(loads).toBeGreaterThan(0);
    loads = 0;
    expectNear(gelu([...geluInputs, 1]).dataSync(), [...geluOutputs, 0.841344746068543]);
    expect(loads).toBe(0);
  });

  it('nothing loads for programs without them', async () => {
    const { negated } = await fresh();
    expect(negated([1]).dataSync()).toEqual(Float32Array.of(-1));
    expect(loads).toBe(0);
  });

  const loadFailed = {
    code: 'LOAD_FAILED',
    received: expect.stringContaining('Failed to fetch'),
    remedy: expect.stringContaining('call again'),
  };

  it('a request is made twice before anybody hears of it', async () => {
    const { gelu } = await fresh();
    failures = 1;
    expectNear(await gelu(geluInputs).data(), geluOutputs);
    expect(loads).toBe(2);
  });

  it('a failed load fails who waits, and loses nothing: the next read asks again', async () => {
    const { backend, gelu, multiply, negated, tensor } = await fresh();
    failures = Number.POSITIVE_INFINITY;
    const activated = gelu(geluInputs);
    const first = activated.data();
    const twice = multiply(activated, tensor([2, 2, 2, 2, 2]));
    await expect(first).rejects.toMatchObject(loadFailed);
    await expect(activated.data()).rejects.toMatchObject(loadFailed);
    await expect(twice.data()).rejects.toMatchObject(loadFailed);
    expect(backend.counters.compiles).toBe(0);
    const again = activated.data();
    // The device of this test knows all decompositions once it has compiled anything.
    expect(await negated([1]).data()).toEqual(Float32Array.of(-1));
    await expect(again).rejects.toMatchObject(loadFailed);
    failures = 0;
    expectNear(
      await twice.data(),
      geluOutputs.map((value) => 2 * value),
    );
    expectNear(await activated.data(), geluOutputs);
    const { liveBuffers } = backend.memory();
    activated.dispose();
    twice.dispose();
    expect(backend.memory().liveBuffers).toBeLessThan(liveBuffers);
  });

  it('a variable keeps its first value, and steps that came too early are undone', async () => {
    const { draw, gelu, jit, multiply, tensor, Variable } = await fresh();
    failures = Number.POSITIVE_INFINITY;
    const weights = new Variable(draw(drawn.key!));
    const unrelated = new Variable(gelu([0.5]));
    const two = tensor(new Float32Array(40).fill(2));
    const told: string[] = [];
    const step = jit(() => weights.assign(multiply(weights.value, two)), { onFailure: ({ code }) => told.push(code) });
    step();
    step();
    await expect(weights.value.data()).rejects.toMatchObject(loadFailed);
    expect(told).toEqual(['LOAD_FAILED', 'LOAD_FAILED']);
    failures = 0;
    expectNear(await weights.value.data(), drawnElements);
    step();
    expectNear(
      await weights.value.data(),
      drawnElements.map((value) => 2 * value),
    );
    expectNear(await unrelated.value.data(), [geluOutputs[3]!]);
  });

  it('what nobody holds any more is not kept for it', async () => {
    const { backend, gelu } = await fresh();
    failures = Number.POSITIVE_INFINITY;
    const activated = gelu(geluInputs);
    const reading = activated.data();
    activated.dispose();
    await expect(reading).rejects.toMatchObject(loadFailed);
    expect(() => activated.data()).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    failures = 0;
    expectNear(await gelu(geluInputs).data(), geluOutputs);
    expect(backend.memory().liveBuffers).toBeLessThan(8);
  });
});
