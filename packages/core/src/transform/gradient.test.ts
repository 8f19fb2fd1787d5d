import { describe, expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { computing, onDevices } from '../test-support/devices.js';
import { Variable } from '../variable.js';
import { customGradient, stopGradient } from './custom-gradient.js';
import { grad, valueAndGrad, valueAndGradVariables, vjp } from './gradient.js';
import { jit } from './jit.js';

const sum = (x: Tensor): Tensor =>
  p.reduceSum(
    x,
    x.shape.map((_, i) => i),
  );
const cube = (x: Tensor): Tensor => p.multiply(x, p.multiply(x, x));
const gradOf = (fn: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) => grad(fn);
const list = async (x: unknown): Promise<number[]> => [...((await (x as Tensor).data()) as Float32Array)];

onDevices(computing, 'gradients', (device) => {
  it('differentiates again and again', async () => {
    const f = (x: Tensor): Tensor => sum(cube(x));
    const x = tensor([1, 2]);
    expect(await list(gradOf(f)(x))).toEqual([3, 12]);
    expect(await list(gradOf((y) => sum(gradOf(f)(y)))(x))).toEqual([6, 12]);
    expect(await list(gradOf((y) => sum(gradOf((z) => sum(gradOf(f)(z)))(y)))(x))).toEqual([6, 6]);
  });

  it('computes value and gradients in one launch', async () => {
    const [value, gradient] = valueAndGrad((x: Tensor) => sum(cube(x)))(tensor([1, 2]));
    expect(await value.array()).toBe(9);
    expect(await list(gradient)).toEqual([3, 12]);
    expect(device().counters.executes).toBe(1);
  });

  it('gives gradients in the trees of the chosen arguments', async () => {
    const f = (a: { w: Tensor; n: number }, b: Tensor): Tensor => sum(p.multiply(a.w, b));
    const w = tensor([1, 2]);
    const b = tensor([3, 4]);
    const [[ga, gb]] = [grad(f, { argnums: [0, 1] })({ w, n: 3 }, b) as [{ w: Tensor; n: number }, Tensor]];
    expect(ga.n).toBe(3);
    expect(await list(ga.w)).toEqual([3, 4]);
    expect(await list(gb)).toEqual([1, 2]);
  });

  it('passes auxiliary results through', async () => {
    const f = (x: Tensor): [Tensor, { twice: Tensor; name: string }] => [sum(x), { twice: p.add(x, x), name: 'aux' }];
    const [[value, aux], gradient] = valueAndGrad(f, { hasAux: true })(tensor([1, 2]));
    expect(await value.array()).toBe(3);
    expect(await list(aux.twice)).toEqual([2, 4]);
    expect(aux.name).toBe('aux');
    expect(await list(gradient)).toEqual([1, 1]);
  });

  it('pulls cotangents back through any tree of results', async () => {
    const f = (x: Tensor, y: Tensor): { a: Tensor; b: Tensor } => ({ a: p.multiply(x, y), b: p.add(x, y) });
    const [out, pull] = vjp(f, tensor([2]), tensor([3]));
    expect(await list(out.a)).toEqual([6]);
    const [gx, gy] = pull({ a: tensor([10]), b: tensor([1]) });
    expect([await list(gx), await list(gy)]).toEqual([[31], [21]]);
    expect(() => pull({ a: tensor([10, 1]), b: tensor([1]) })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });

  it('differentiates inside jit, and through jit', async () => {
    const inner = jit((x: Tensor) => sum(cube(x)));
    expect(await list(jit(gradOf(inner))(tensor([2])))).toEqual([12]);
    expect(await list(gradOf(inner)(tensor([2])))).toEqual([12]);
  });

  it('differentiates with respect to the current values of variables, and their effects survive', async () => {
    const w = new Variable(tensor([2, 3]), { path: 'w' });
    const unused = new Variable(tensor([1]), { path: 'unused' });
    const seen = new Variable(tensor(0), { path: 'seen' });
    const loss = (x: Tensor): { loss: Tensor; out: Tensor } => {
      seen.assign(p.add(seen.value, tensor(1)));
      const out = p.multiply(w.value, x);
      return { loss: sum(p.multiply(out, w.value)), out };
    };
    const step = valueAndGradVariables(loss, [w, unused]);
    const check = async (run: typeof step, count: number): Promise<void> => {
      const [{ loss: value, out }, [gw, gu]] = run(tensor([1, 10]));
      expect(await value.array()).toBe(94);
      expect(await list(out)).toEqual([2, 30]);
      expect(await list(gw)).toEqual([4, 60]);
      expect(await list(gu)).toEqual([0]);
      expect(await seen.value.array()).toBe(count);
    };
    await check(step, 1);
    await check(
      jit((x: Tensor) => step(x)),
      2,
    );
  });

  it('trains: gradient descent on variables in one program', async () => {
    const w = new Variable(tensor([0, 0]));
    const target = tensor([3, -1]);
    const step = jit((rate: Tensor) => {
      const [value, [gradient]] = valueAndGradVariables(() => {
        const error = p.subtract(w.value, target);
        return sum(p.multiply(error, error));
      }, [w])();
      w.assign(p.subtract(w.value, p.multiply(gradient!, p.broadcastTo(rate, [2]))));
      return value;
    });
    const rate = tensor(0.25);
    const losses: number[] = [];
    for (let i = 0; i < 8; i++) losses.push((await step(rate).item()) as number);
    // Each step halves the distance: w − target.
    for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(10 / 4 ** i, 4);
    expect(device().counters.compiles).toBe(1);
  });
});

onDevices(computing, 'custom gradients', () => {
  const clipped = customGradient((x) => ({
    value: p.multiply(x, x),
    gradient: (cotangent) => p.multiply(cotangent, p.multiply(x, x)),
  })) as (x: Tensor) => Tensor;

  it('are used instead of the real one, in eager code, jit and second order', async () => {
    const x = tensor([3]);
    expect(await list(clipped(x))).toEqual([9]);
    expect(await list(gradOf((y) => sum(clipped(y)))(x))).toEqual([9]);
    expect(await list(jit(gradOf((y) => sum(clipped(y))))(x))).toEqual([9]);
    // The gradient y² is an ordinary function: its own gradient is 2y.
    expect(await list(gradOf((y) => sum(gradOf((z) => sum(clipped(z)))(y)))(x))).toEqual([6]);
  });

  it('may use what the function computed and captured', async () => {
    const factor = tensor([5]);
    const f = customGradient((x) => {
      const inner = p.multiply(x, factor);
      return {
        value: [inner, p.negate(inner)],
        gradient: (a, b) => p.add(p.multiply(a, inner), p.multiply(b, factor)),
      };
    }) as (x: Tensor) => Tensor[];
    const total = (x: Tensor): Tensor => {
      const [a, b] = f(x);
      return sum(p.add(a!, p.add(b!, b!)));
    };
    expect(await list(gradOf(total)(tensor([2])))).toEqual([20]);
  });

  it('tell two functions with equal values apart', async () => {
    const scaled = (by: number): ((x: Tensor) => Tensor) =>
      customGradient((x) => ({
        value: p.negate(x),
        gradient: (c) => p.multiply(c, p.constant(by, { dtype: 'float32', shape: [1] })),
      })) as (x: Tensor) => Tensor;
    const both = (x: Tensor): Tensor => sum(p.add(scaled(2)(x), scaled(7)(x)));
    expect(await list(gradOf(both)(tensor([1])))).toEqual([9]);
  });

  it('stopGradient makes a constant of a value', async () => {
    const f = (x: Tensor): Tensor => sum(p.multiply(x, stopGradient(x)));
    expect(await list(gradOf(f)(tensor([3])))).toEqual([3]);
    expect(await list(stopGradient(tensor([3])))).toEqual([3]);
    expect(await list(jit(gradOf((x) => sum(gradOf(f)(x))))(tensor([3])))).toEqual([0]);
  });
});

describe('what cannot be differentiated', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a vector', () => grad((x: Tensor) => x)(tensor([1, 2])), /only a scalar.*float32\[2\].*vjp/],
    ['an integer', () => grad((x: Tensor) => sum(x))(tensor([1], { dtype: 'int32' })), /scalar|input/],
    ['no tensor', () => grad((x: number) => tensor(x))(3), /no tensor to differentiate/],
    ['a missing argument', () => grad((x: Tensor) => x, { argnums: 2 })(tensor(1)), /argument 2/],
  ])('%s is a typed error', (_name, run, message) => {
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ name: 'CeratopsError' }));
  });
});
