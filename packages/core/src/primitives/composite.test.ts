/** Composites in a process that has only the rules of the ops it emitted, as a bundle has. */

import type { CompositeDefinition } from '@ceratops/kernel-registry';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tensor } from '../tensor/tensor.js';

async function fresh() {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
  const { composite, compositeAtHand, multiply, reduceSum } = await import('./index.js');
  const { grad, tensor, useBackend } = await import('../index.js');
  const { referenceBackend } = await import('@ceratops/kernel-registry/testing');
  useBackend(referenceBackend());
  return { composite, compositeAtHand, grad, multiply, reduceSum, tensor };
}

let core: Awaited<ReturnType<typeof fresh>>;
beforeEach(async () => {
  core = await fresh();
});

const kept: CompositeDefinition = {
  name: 'test.kept@1',
  infer: (operands) => operands,
  decompose: (e, operands) => e.emit('optimization_barrier', operands, {}),
};

describe('a composite', () => {
  it('of a plain definition may emit any op by name', async () => {
    const { composite, tensor } = core;
    expect(await composite(kept, [tensor([1, 2])])[0]!.array()).toEqual([1, 2]);
  });

  it('is differentiated through ops that it names', async () => {
    const { composite, grad, multiply, reduceSum, tensor } = core;
    const energy: (x: Tensor) => Tensor = grad((x: Tensor) => reduceSum(composite(kept, [multiply(x, x)])[0]!, [0]));
    expect(await energy(tensor([1, 2])).array()).toEqual([2, 4]);
  });
});
