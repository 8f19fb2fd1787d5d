/** Decompositions that come late: at once in Node, by an import in a page. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import goldens from '../../goldens/random.json' with { type: 'json' };

/** As in a process where nobody has computed anything yet. */
async function fresh() {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
  const { tensor, useBackend } = await import('../index.js');
  const { add, broadcastTo, composite, multiply, negate } = await import('../primitives/index.js');
  const { truncatedNormal } = await import('../random/index.js');
  const { erf } = await import('@ceratops/kernel-registry/composites');
  const { referenceBackend } = await import('@ceratops/kernel-registry/testing');
  const backend = referenceBackend();
  useBackend(backend);
  const gelu = (values: readonly number[]) => {
    const x = tensor(values);
    const all = (value: number) => broadcastTo(tensor(value), x.shape);
    const phi = composite(erf, [multiply(x, all(Math.SQRT1_2))])[0]!;
    return multiply(multiply(x, all(0.5)), add(phi, all(1)));
  };
  const draw = (key: readonly number[]) => truncatedNormal(tensor(Uint32Array.from(key)), [40]);
  return { backend, gelu, draw, negate: (values: readonly number[]) => negate(tensor(values)) };
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
  let online: boolean;
  let loads: number;
  beforeEach(() => {
    online = true;
    loads = 0;
    vi.doMock('./node.js', () => import('./page.js'));
    vi.doMock('./decompositions.js', async (original) => {
      const actual = await original<typeof import('./decompositions.js')>();
      const bringDecompositions = (): void => {
        loads++;
        if (!online) throw new TypeError('Failed to fetch dynamically imported module: /chunk.js');
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
    const { negate } = await fresh();
    expect(negate([1]).dataSync()).toEqual(Float32Array.of(-1));
    expect(loads).toBe(0);
  });

  it('a failed load poisons what needed it, and the next program tries again', async () => {
    const { backend, gelu, negate } = await fresh();
    online = false;
    const failed = gelu(geluInputs).data();
    const other = negate([1]).data();
    await expect(failed).rejects.toMatchObject({
      code: 'EXECUTION_FAILED',
      subject: expect.stringContaining('eager'),
      problem: expect.stringContaining('Failed to fetch'),
    });
    expect(await other).toEqual(Float32Array.of(-1));
    expect(backend.counters.compiles).toBe(1);
    online = true;
    expectNear(await gelu(geluInputs).data(), geluOutputs);
  });
});
