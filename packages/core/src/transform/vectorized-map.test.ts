import { expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { computing, onDevices } from '../test-support/devices.js';
import { Variable } from '../variable.js';
import { customGradient, stopGradient } from './custom-gradient.js';
import { grad, valueAndGradVariables } from './gradient.js';
import { jit } from './jit.js';
import { jvp } from './jvp.js';
import { vectorizedMap } from './vectorized-map.js';

const sum = (x: Tensor): Tensor =>
  p.reduceSum(
    x,
    x.shape.map((_, i) => i),
  );

onDevices(computing, 'vectorizedMap', () => {
  it('takes items of trees and gives stacks; what is the same for all is repeated', async () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }): [Tensor, { same: Tensor }] => [
      p.add(sum(p.multiply(a, a)), b),
      { same: p.scalar(7, 'float32') },
    ];
    const [values, { same }] = vectorizedMap(f)({
      a: tensor([
        [1, 2],
        [3, 4],
      ]),
      b: tensor([10, 20]),
    });
    expect([await values.array(), await same.array()]).toEqual([
      [15, 45],
      [7, 7],
    ]);
  });

  it('shares captured tensors and variables, also for gradients', async () => {
    const w = new Variable(tensor([2, 3]));
    const loss = (x: Tensor): Tensor => {
      const each = vectorizedMap((row: Tensor) => sum(p.multiply(row, p.multiply(w.value, w.value))))(x);
      return sum(each);
    };
    const x = tensor([
      [1, 0],
      [5, 1],
      [0, 2],
    ]);
    const [value, [gradient]] = jit(() => valueAndGradVariables(() => loss(x), [w])())();
    // Σ x·w²: columns sum to 6 and 3.
    expect([await value.array(), await gradient!.array()]).toEqual([6 * 4 + 3 * 9, [2 * 2 * 6, 2 * 3 * 3]]);
  });

  it('gives the gradient of every item', async () => {
    const f = (x: Tensor): Tensor => sum(p.multiply(x, p.multiply(x, x)));
    const slopes = vectorizedMap(grad(f))(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(await slopes.array()).toEqual([
      [3, 12],
      [27, 48],
    ]);
  });

  it('keeps gradients that a function brings, and stops where it says so', async () => {
    const own = customGradient((x: Tensor) => ({ value: p.multiply(x, x), gradient: (g: Tensor) => p.add(g, x) }));
    const f = (x: Tensor): Tensor => p.add(own(x) as Tensor, stopGradient(p.multiply(x, x)));
    const total = (x: Tensor): Tensor => sum(vectorizedMap(f)(x));
    expect(await grad(total)(tensor([2, 5])).array()).toEqual([3, 6]);
  });

  it('runs loops whose items end at different times', async () => {
    const doublings = (x: Tensor): Tensor =>
      p.whileLoop(
        (y) => p.compare(y, p.scalar(100, 'float32'), 'LT'),
        (y) => p.add(y, y),
        [x],
      )[0]!;
    expect(await vectorizedMap(doublings)(tensor([1, 30, 200])).array()).toEqual([128, 120, 200]);
    const prefix = (x: Tensor): Tensor[] => {
      const [carries, stacks] = p.scan(
        ([s], [e]) => [[p.add(s!, e!)], [p.multiply(s!, e!)]],
        [p.scalar(1, 'float32')],
        [x],
      );
      return [...carries, ...stacks];
    };
    const [last, stacks] = vectorizedMap(prefix)(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect([await last!.array(), await stacks!.array()]).toEqual([
      [7, 16],
      [
        [1, 4, 12],
        [4, 25, 60],
      ],
    ]);
  });

  it('says what does not fit', () => {
    const v = new Variable(tensor(0));
    const fails = (f: () => unknown, text: RegExp): void => expect(f).toThrow(text);
    fails(
      () => vectorizedMap((a: Tensor, b: Tensor) => p.add(a, b))(tensor([1, 2]), tensor([1])),
      /same number of items/,
    );
    const assigning = (a: Tensor): Tensor => {
      v.assign(a);
      return a;
    };
    fails(() => vectorizedMap(assigning)(tensor([1, 2])), /cannot assign a variable/);
  });
});

onDevices(computing, 'jvp', () => {
  it('gives the derivative along a direction', async () => {
    const f = (x: Tensor, y: Tensor): { product: Tensor; sum: Tensor } => ({
      product: p.multiply(p.sine(x), y),
      sum: p.add(x, y),
    });
    const [x, y, dx, dy] = [0.5, 2, 3, -1];
    const [value, tangent] = jvp(f, [tensor(x), tensor(y)], [tensor(dx), tensor(dy)]);
    expect(await value.product.array()).toBeCloseTo(Math.sin(x) * y, 6);
    expect(await tangent.product.array()).toBeCloseTo(Math.cos(x) * y * dx + Math.sin(x) * dy, 5);
    expect(await tangent.sum.array()).toBe(2);
  });

  it('goes through scans, and is zero for integers', async () => {
    const power = (x: Tensor): [Tensor, Tensor] => {
      const [[s]] = p.scan(([c]) => [[p.multiply(c!, x)], []], [p.scalar(1, 'float32')], [], { length: 4 });
      return [s!, p.convert(s!, 'int32')];
    };
    const [[value], [tangent, none]] = jit((x: Tensor) => jvp(power, [x], [tensor(2)]))(tensor(3));
    expect([await value.array(), await tangent.array(), await none.array()]).toEqual([81, 4 * 27 * 2, 0]);
  });

  it('says what does not fit', () => {
    expect(() => jvp((x: Tensor) => x, [tensor([1, 2])], [tensor(1)])).toThrow(/tangents do not fit the primals/);
  });
});
