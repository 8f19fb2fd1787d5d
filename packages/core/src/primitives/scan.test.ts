import { expect, it } from 'vitest';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { computing, onDevices } from '../test-support/devices.js';
import { checkpoint } from '../transform/checkpoint.js';
import { grad, valueAndGradVariables } from '../transform/gradient.js';
import { jit } from '../transform/jit.js';
import { makeProgram } from '../transform/trace.js';
import { Variable } from '../variable.js';
import * as p from './index.js';

const int = (value: number): Tensor => tensor(value, { dtype: 'int32' });
const sum = (x: Tensor): Tensor =>
  p.reduceSum(
    x,
    x.shape.map((_, i) => i),
  );

function scanned(
  body: p.ScanBody,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
  { checkpointEvery, reverse }: { checkpointEvery?: number | undefined; reverse?: boolean },
): p.ScanResults {
  if (checkpointEvery === undefined) return p.scan(body, carries, elements, { reverse });
  return p.checkpointedScan(body, carries, elements, checkpointEvery, { reverse });
}

/** s' = s·x + b and the stack of s² for scalars, by hand. */
function horner(xs: readonly number[], b: number, start: number): { final: number; squares: number[] } {
  const squares: number[] = [];
  let s = start;
  for (const x of xs) {
    s = s * x + b;
    squares.push(s * s);
  }
  return { final: s, squares };
}

onDevices(computing, 'scan', () => {
  const xs = [1, -2, 3, 0.5, 2];
  const body =
    (b: Tensor) =>
    ([s]: readonly Tensor[], [x]: readonly Tensor[]): readonly [Tensor[], Tensor[]] => {
      const next = p.add(p.multiply(s!, x!), b);
      return [[next], [p.multiply(next, next)]];
    };

  it.each([undefined, 1, 2, 3, 5, 9])('goes over slices; checkpoints every %s', async (checkpointEvery) => {
    const run = (start: Tensor, elements: Tensor, b: Tensor): Tensor[] => {
      const [carries, stacks] = scanned(body(b), [start], [elements], { checkpointEvery });
      return [...carries, ...stacks];
    };
    const { final, squares } = horner(xs, 2, 1);
    const results = run(tensor(1), tensor(xs), tensor(2));
    expect([await results[0]!.array(), await results[1]!.array()]).toEqual([final, squares]);
    const traced = jit(run)(tensor(1), tensor(xs), tensor(2));
    expect([await traced[0]!.array(), await traced[1]!.array()]).toEqual([final, squares]);
  });

  it.each([undefined, 2])('goes backwards; checkpoints every %s', async (checkpointEvery) => {
    const options = { reverse: true, checkpointEvery };
    const [[s], [stack]] = scanned(body(tensor(2)), [tensor(1)], [tensor(xs)], options);
    const { final, squares } = horner([...xs].reverse(), 2, 1);
    expect([await s!.array(), await stack!.array()]).toEqual([final, [...squares].reverse()]);
  });

  it.each([undefined, 2, 3])('has gradients; checkpoints every %s', async (checkpointEvery) => {
    // s₃ = ((s·a + b)·c + b)·d + b
    const loss = (s: Tensor, x: Tensor, b: Tensor): Tensor => scanned(body(b), [s], [x], { checkpointEvery })[0][0]!;
    const all = { argnums: [0, 1, 2] };
    const [ds, dx, db] = jit(grad(loss, all))(tensor(5), tensor([2, 3, 4]), tensor(7)) as [Tensor, Tensor, Tensor];
    expect(await ds.array()).toBe(24);
    expect(await dx.array()).toEqual([5 * 12, (5 * 2 + 7) * 4, (5 * 2 + 7) * 3 + 7]);
    expect(await db.array()).toBe(12 + 4 + 1);
  });

  it.each([1, 2, 3, 4, 5, 9, Number.POSITIVE_INFINITY])('runs %s iterations in a row, either way', async (times) => {
    for (const reverse of [false, true]) {
      const run = (start: Tensor, elements: Tensor): Tensor[] => {
        const unrolled = p.unrolledScan(body(tensor(2)), [start], [elements], times, { reverse });
        return [...unrolled[0], ...unrolled[1]];
      };
      const { final, squares } = horner(reverse ? [...xs].reverse() : xs, 2, 1);
      const [s, stack] = run(tensor(1), tensor(xs));
      expect([await s!.array(), await stack!.array()]).toEqual([final, reverse ? [...squares].reverse() : squares]);
      const loss = (elements: Tensor): Tensor => run(tensor(1), elements)[0]!;
      const ofLoop = (elements: Tensor): Tensor => p.scan(body(tensor(2)), [tensor(1)], [elements], { reverse })[0][0]!;
      expect(await jit(grad(loss))(tensor(xs)).array()).toEqual(await jit(grad(ofLoop))(tensor(xs)).array());
    }
  });

  it.each([
    [1, [5]],
    [2, [2]],
    [5, []],
    [Number.POSITIVE_INFINITY, []],
  ])('leaves a loop of fewer iterations when %s run in a row', (times, lengths) => {
    const run = (start: Tensor, elements: Tensor): Tensor =>
      p.unrolledScan(body(start), [start], [elements], times)[0][0]!;
    const { instructions } = makeProgram(run, { dtype: 'float32', shape: [] }, { dtype: 'float32', shape: [5] });
    const loops = instructions.flatMap(({ op, attributes }) =>
      op === 'composite' ? [(attributes as unknown as { attributes: { length: number } }).attributes.length] : [],
    );
    expect(loops).toEqual(lengths);
  });

  it('runs no iterations as a loop does, and keeps to the types of its carries in a row', async () => {
    const none = p.unrolledScan(body(tensor(2)), [tensor(1)], [p.slice(tensor(xs), [0], [0])], 3);
    expect([await none[0][0]!.array(), none[1][0]!.shape]).toEqual([1, [0]]);
    const growing: p.ScanBody = ([s]) => [[p.concatenate([s!, s!], 0)], []];
    expect(() => p.unrolledScan(growing, [tensor([1])], [tensor(xs)], 9)).toThrow(
      /scan: the carries change from one iteration to the next, expected float32\[1\], received float32\[2\]/,
    );
    expect(() => p.unrolledScan(growing, [tensor([1])], [tensor(xs)], 0)).toThrow(/scan: bad 'unroll'/);
  });

  it('carries the variables that the body writes, and differentiates those that it reads', async () => {
    const count = new Variable(int(10));
    const w = new Variable(tensor(3));
    const step = jit((x: Tensor) =>
      valueAndGradVariables(() => {
        const [[product]] = p.scan(
          ([s], [e]) => {
            count.assign(p.add(count.value, int(1)));
            return [[p.multiply(p.multiply(s!, w.value), e!)], []];
          },
          [tensor(1)],
          [x],
        );
        return product!;
      }, [w])(),
    );
    const [value, [gradient]] = step(tensor([2, 5]));
    expect([await value.array(), await gradient!.array()]).toEqual([90, 60]);
    expect(await count.value.array()).toBe(12);
  });

  it('keeps no more of an iteration than the way back needs', () => {
    // y = tanh(s)·x needs tanh(s) and x, which is an element; 1 − tanh² and the products with constants are computed again.
    const step = ([s]: readonly Tensor[], [x]: readonly Tensor[]): readonly [Tensor[], Tensor[]] => {
      const t = p.tanh(s!);
      return [[p.add(p.multiply(t, x!), p.multiply(t, p.scalar(2, 'float32')))], []];
    };
    const loss = (s: Tensor, x: Tensor): Tensor => p.scan(step, [s], [x])[0][0]!;
    const program = makeProgram(
      grad(loss, { argnums: [0, 1] }),
      { dtype: 'float32', shape: [] },
      { dtype: 'float32', shape: [7] },
    );
    const [forward] = program.instructions.filter(({ op }) => op === 'composite');
    expect(forward!.results.map(({ shape }) => shape)).toEqual([[], [7]]);
  });

  it.each([undefined, 2])('hands out last values, carries or not; checkpoints every %s', async (checkpointEvery) => {
    const sums = (x: Tensor): Tensor[] => {
      const [, , last] = scanned(
        ([s], [e]) => {
          const next = p.add(s!, e!);
          return [[next], [], [next, p.multiply(next, e!)]];
        },
        [tensor(0)],
        [x],
        { checkpointEvery },
      );
      return last;
    };
    const [sum3, product] = sums(tensor([1, 2, 4]));
    expect([await sum3!.array(), await product!.array()]).toEqual([7, 28]);
    const slope = grad((x: Tensor) => sums(x)[1]!)(tensor([1, 2, 4]));
    expect(await slope.array()).toEqual([4, 4, 4 + 7]);
  });

  it('says what does not fit', () => {
    const x = tensor([1, 2, 3]);
    expect(() => p.scan(([s]) => [[p.convert(s!, 'int32')], []], [tensor(1)], [x])).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/carry 0 changes its type.*expected float32\[\].*received int32\[\]/),
      }),
    );
    expect(() => p.scan(() => [[], []], [tensor(1)], [x])).toThrow(/another number of carries.*expected 1.*received 0/);
    expect(() => p.scan((c) => [c, []], [], [x, tensor([1])])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
    expect(() => p.scan((c) => [c, []], [], [])).toThrow(/no elements and no length/);
  });
});

onDevices(computing, 'loops made of scans', () => {
  it('forLoop counts, with numbers and with tensors as bounds', async () => {
    const body = (i: Tensor, s: Tensor): Tensor => p.add(s, p.multiply(i, i));
    expect(await p.forLoop(2, 5, body, [int(0)])[0]!.array()).toBe(4 + 9 + 16);
    expect(await p.forLoop(int(2), int(5), body, [int(0)])[0]!.array()).toBe(4 + 9 + 16);
    expect(await p.forLoop(5, 2, body, [int(3)])[0]!.array()).toBe(3);
  });

  it('map stacks what a function gives', async () => {
    const [squares, doubles] = p.map((x) => [p.multiply(x, x), p.add(x, x)], [tensor([1, 2, 3])]);
    expect([await squares!.array(), await doubles!.array()]).toEqual([
      [1, 4, 9],
      [2, 4, 6],
    ]);
  });

  it('a bounded while loop stops at its condition or its bound, and has gradients', async () => {
    const run = (x: Tensor, limit: Tensor, maximumIterations: number): Tensor =>
      p.whileLoop(
        (y) => p.compare(y, limit, 'LT'),
        (y) => p.multiply(y, x),
        [x],
        { maximumIterations },
      )[0]!;
    // x, x², … until 100: 2⁷ = 128; bounded by two steps 2³.
    expect(await run(tensor(2), tensor(100), 50).array()).toBe(128);
    expect(await run(tensor(2), tensor(100), 2).array()).toBe(8);
    const slope = (maximum: number): Tensor => jit(grad((x: Tensor) => run(x, tensor(100), maximum)))(tensor(2));
    expect(await slope(50).array()).toBe(7 * 2 ** 6);
    expect(await slope(2).array()).toBe(3 * 4);
    expect(() =>
      grad(
        (x: Tensor) =>
          p.whileLoop(
            (y) => p.compare(y, x, 'LT'),
            (y) => y,
            [x],
          )[0]!,
      )(tensor(1)),
    ).toThrow(/bound on the number of iterations/);
  });

  it.each([1, 2, 3, 4, 5, 8, 13])('associativeScan of %i products of matrices', async (length) => {
    // Products of 2×2 matrices do not commute.
    const matrices = Array.from({ length }, (_, i) => [
      [1, i],
      [i % 3, 1],
    ]);
    const times = ([a]: readonly Tensor[], [b]: readonly Tensor[]): Tensor =>
      p.dotGeneral(a!, b!, { batching: [[0], [0]], contracting: [[2], [1]] });
    const expected: number[][][] = [];
    for (const [[a, b], [c, d]] of matrices as [[number, number], [number, number]][]) {
      const [[e, f], [g, h]] = (expected.at(-1) ?? [
        [1, 0],
        [0, 1],
      ]) as [[number, number], [number, number]];
      expected.push([
        [e * a + f * c, e * b + f * d],
        [g * a + h * c, g * b + h * d],
      ]);
    }
    expect(await p.associativeScan(times, [tensor(matrices)])[0]!.array()).toEqual(expected);
    const sums = p.associativeScan(([a], [b]) => p.add(a!, b!), [tensor(Array.from({ length }, (_, i) => i + 1))], {
      reverse: true,
    });
    const total = (length * (length + 1)) / 2;
    expect(await sums[0]!.array()).toEqual(Array.from({ length }, (_, i) => total - (i * (i + 1)) / 2));
  });

  it('a checkpoint changes no value and no gradient, and keeps nothing between', async () => {
    const inner = (x: Tensor): Tensor => p.multiply(p.sine(x), p.exponential(x));
    const f = (x: Tensor): Tensor => sum(checkpoint(inner)(x));
    const x = [0.3, -1.2];
    const [a, b] = x.map((v) => Math.exp(v) * (Math.sin(v) + Math.cos(v))) as [number, number];
    const gradient = (await jit(grad(f))(tensor(x)).array()) as number[];
    expect(gradient[0]).toBeCloseTo(a, 5);
    expect(gradient[1]).toBeCloseTo(b, 5);
    const program = makeProgram(grad(f), { dtype: 'float32', shape: [2] });
    expect(program.instructions.filter(({ op }) => op === 'optimization_barrier')).toHaveLength(1);
  });
});
