import { expect, it } from 'vitest';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { computing, onDevices } from '../test-support/devices.js';
import { jit } from '../transform/jit.js';
import { makeProgram } from '../transform/trace.js';
import { Variable } from '../variable.js';
import * as p from './index.js';

const int = (value: number): Tensor => tensor(value, { dtype: 'int32' });
const below = (limit: number) => (i: Tensor) => p.compare(i, int(limit), 'LT');

onDevices(computing, 'control flow', () => {
  it('repeats a body, with what it captures from outside', async () => {
    const step = tensor([1, 10]);
    const run = (x: Tensor): Tensor[] =>
      p.whileLoop(below(4), (i, sum) => [p.add(i!, int(1)), p.add(sum!, p.multiply(x, step))], [int(0), x]);
    const [i, total] = run(tensor([1, 2]));
    expect([await i!.array(), await total!.array()]).toEqual([4, [5, 82]]);
    expect(await jit(run)(tensor([1, 2]))[1]!.array()).toEqual([5, 82]);
  });

  it('carries variables that the body reads and writes', async () => {
    const count = new Variable(int(5));
    const other = new Variable(int(2));
    const run = (): Tensor =>
      p.whileLoop(
        below(3),
        (i) => {
          count.assign(p.add(count.value, other.value));
          return p.add(i, int(1));
        },
        [int(0)],
      )[0]!;
    run();
    expect(await count.value.array()).toBe(11);
    jit(run)();
    expect(await count.value.array()).toBe(17);
  });

  it('picks a branch, and keeps the writes of that branch only', async () => {
    const v = new Variable(int(0));
    const run = jit((index: Tensor, x: Tensor) =>
      p.caseOf(
        index,
        [
          (y) => p.negate(y),
          (y) => {
            v.assign(p.add(v.value, int(1)));
            return p.add(y, y);
          },
        ],
        [x],
      ),
    );
    const x = tensor([3]);
    expect(await run(int(0), x)[0]!.array()).toEqual([-3]);
    expect(await v.value.array()).toBe(0);
    expect(await run(int(7), x)[0]!.array()).toEqual([6]);
    expect(await v.value.array()).toBe(1);
  });

  it('nests', async () => {
    const table = (n: Tensor): Tensor =>
      p.whileLoop(
        below(3),
        (i, total) => {
          const [, inner] = p.whileLoop(below(2), (j, sum) => [p.add(j!, int(1)), p.add(sum!, p.add(i!, n))], [
            int(0),
            total!,
          ]) as [Tensor, Tensor];
          return [p.add(i!, int(1)), inner];
        },
        [int(0), int(0)],
      )[1]!;
    // Twice the sum over i of (i + n).
    expect(await table(int(10)).array()).toBe(66);
  });

  it('refuses a region that uses a value from outside', () => {
    const outside = tensor(1);
    const captured = tensor([1.5]);
    expect(() =>
      p.reduce([tensor([1])], [outside], [0], (a, b) => p.add(a, p.add(b, p.reshape(captured, [])))),
    ).toThrow(/uses a value from outside/);
  });

  it('refuses a condition that assigns', () => {
    const v = new Variable(int(0), { path: 'state' });
    const condition = (i: Tensor): Tensor => {
      v.assign(i);
      return p.compare(i, i, 'NE');
    };
    expect(() => p.whileLoop(condition, (i) => i, [int(0)])).toThrow(/state.*assigns a variable/);
  });
});

onDevices(computing, 'reductions made of several ops', () => {
  it.each([
    [[3, 1, 4, 1, 5], 4, 1],
    [[2, 2, 1, 1], 0, 2],
    [[1, Number.NaN, 5, Number.NaN], 1, 1],
    [[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 0, 0],
    [[Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY], 0, 1],
  ])('argMax and argMin of %j are those of NumPy', async (values, largest, smallest) => {
    expect(await p.argMax(tensor(values), 0).array()).toBe(largest);
    expect(await p.argMin(tensor(values), 0).array()).toBe(smallest);
  });

  it('takes bodies as functions or as programs', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const [byFunction] = p.reduce([x], [tensor(1)], [0], (a, b) => p.multiply(a, b));
    expect(await byFunction!.array()).toEqual([3, 8]);
    const body = makeProgram(
      (a: Tensor, b: Tensor) => p.add(a, b),
      { dtype: 'float32', shape: [] },
      { dtype: 'float32', shape: [] },
    );
    expect(await p.reduce([x], [tensor(0)], [0, 1], body)[0]!.array()).toBe(10);
    expect(await p.sort([x], 1, (a, b) => p.compare(a, b, 'GT'))[0]!.array()).toEqual([
      [2, 1],
      [4, 3],
    ]);
  });
});
