/** A random program on a batch gives what it gives item by item. */

import { dtypes, type HostArray, inputTypes, sizeOf } from '@ceratops/kernel-registry';
import { batchProgram } from '@ceratops/kernel-registry/batching';
import { evaluateWithBounds } from '@ceratops/kernel-registry/evaluator';
import { expect, it } from 'vitest';
import { drawFrom } from './draw.js';
import { randomCase, randomInputs } from './random-program.js';

const items = [0, 1, 2];

function stacked(arrays: readonly HostArray[], size: number, { host }: (typeof dtypes)['int32']): HostArray {
  const all = new host(arrays.length * size);
  arrays.forEach((array, item) => {
    all.set(array as never, item * size);
  });
  return all;
}

function differs(seed: number): string | undefined {
  const { program } = randomCase(seed);
  const draw = drawFrom(seed);
  const types = inputTypes(program);
  const mapped = types.map(() => draw.once(2));
  const [first, ...others] = items.map(() => randomInputs(types, draw)) as [HostArray[], ...HostArray[][]];
  const inputs = [first, ...others].map((data) => data.map((array, i) => (mapped[i] ? array : first[i]!)));
  const together = types.map(({ dtype, shape }, i) => {
    const arrays = inputs.map((data) => data[i]!);
    return mapped[i] ? stacked(arrays, sizeOf(shape), dtypes[dtype]) : first[i]!;
  });
  const all = evaluateWithBounds(batchProgram(program, mapped, items.length), together);
  for (const item of items) {
    for (const [output, { value, error }] of evaluateWithBounds(program, inputs[item]!).entries()) {
      const own = all[output]!;
      for (const [i, bound] of error.entries()) {
        const at = item * error.length + i;
        const [x, y] = [own.value[at]!, value[i]!];
        if (bound === Number.POSITIVE_INFINITY || own.error[at] === Number.POSITIVE_INFINITY) continue;
        if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
        // The same sums, perhaps in another order.
        if (Math.abs(Number(x) - Number(y)) <= bound + own.error[at]!) continue;
        return `seed ${seed}, output ${output}, item ${item}, element ${i} is ${x}, expected ${y}`;
      }
    }
  }
  return undefined;
}

it.each([0, 100])('batches of random programs: seeds from %i', (start) => {
  const wrong = Array.from({ length: 100 }, (_, i) => differs(start + i)).filter(
    (difference) => difference !== undefined,
  );
  expect(wrong).toEqual([]);
});
