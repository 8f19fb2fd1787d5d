import { expect, it, vi } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { all, computing, onDevices } from '../test-support/devices.js';
import { Variable } from '../variable.js';
import { jit } from './jit.js';
import { evalShape, makeProgram } from './trace.js';

onDevices(computing, 'jit', (device) => {
  it('traces once per structure, types and static leaves', async () => {
    const body = vi.fn((tree: { x: Tensor; scale: number }, [y]: [Tensor]) => {
      return { sum: p.add(tree.x, y), twice: tree.scale === 2 };
    });
    const f = jit(body);
    const x = tensor([1, 2]);
    expect(await f({ x, scale: 2 }, [x]).sum.array()).toEqual([2, 4]);
    expect(f({ scale: 2, x: tensor([3, 4]) }, [x]).twice).toBe(true);
    expect(body).toHaveBeenCalledTimes(1);
    expect(f({ x, scale: 3 }, [x]).twice).toBe(false);
    f({ x: tensor([1]), scale: 3 }, [tensor([1])]);
    f({ x: tensor([1], { dtype: 'int32' }), scale: 3 }, [tensor([1], { dtype: 'int32' })]);
    expect(body).toHaveBeenCalledTimes(4);
    expect(device().counters.compiles).toBeLessThanOrEqual(4);
  });

  it('takes captured tensors as hidden inputs, never as constants', async () => {
    const captured = p.add(tensor([1, 2]), tensor([3, 4]));
    const f = jit((x: Tensor) => p.multiply(x, captured));
    expect(await f(tensor([10, 10])).array()).toEqual([40, 60]);
    captured.dispose();
    expect(await f(tensor([1, 1])).array()).toEqual([4, 6]);
    const program = makeProgram((x: Tensor) => p.multiply(x, tensor([5, 6])), { dtype: 'float32', shape: [2] });
    expect(program.inputs).toHaveLength(1);
    const outer = tensor([5, 6]);
    expect(makeProgram((x: Tensor) => p.multiply(x, outer), { dtype: 'float32', shape: [2] }).inputs).toHaveLength(2);
  });

  it('runs nested jitted functions as part of the outer program', async () => {
    const inner = jit((x: Tensor) => p.add(x, x));
    const outer = jit((x: Tensor) => p.multiply(inner(x), x));
    expect(await outer(tensor([3])).array()).toEqual([18]);
    expect(device().counters).toMatchObject({ compiles: 1, executes: 1 });
  });

  it('flushes eager arguments first', async () => {
    const f = jit((x: Tensor) => p.negate(x));
    expect(await f(p.add(tensor([1]), tensor([2]))).array()).toEqual([-3]);
  });

  it('takes small constants without launching anything for them, and refuses disposed tensors', async () => {
    const f = jit((x: Tensor) => p.negate(x));
    expect(await f(tensor(1)).array()).toBe(-1);
    expect(device().counters.executes).toBe(1);
    const x = tensor([1]);
    x.dispose();
    expect(() => f(x)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  it('gives back static leaves and arguments', async () => {
    const f = jit((x: Tensor) => ({ x, name: 'ok', none: null }));
    const result = f(tensor([1]));
    expect(result).toMatchObject({ name: 'ok', none: null });
    expect(await result.x.array()).toEqual([1]);
  });
});

onDevices(computing, 'state in jit', (device) => {
  const counter = (): { v: Variable; step: (x: Tensor) => Tensor } => {
    const v = new Variable(tensor([1, 1]));
    const step = jit((x: Tensor) => {
      v.assign(p.add(v.value, x));
      return p.multiply(v.value, x);
    });
    return { v, step };
  };

  it('reads and writes variables as hidden inputs and outputs', async () => {
    const { v, step } = counter();
    expect(await step(tensor([2, 2])).array()).toEqual([6, 6]);
    expect(await step(tensor([2, 2])).array()).toEqual([10, 10]);
    expect(await v.value.array()).toEqual([5, 5]);
    expect(device().counters.compiles).toBe(1);
  });

  it('publishes new values in the tick of the launch', async () => {
    const { v, step } = counter();
    step(tensor([2, 2]));
    const read = v.value.data();
    step(tensor([100, 100]));
    expect(await read).toEqual(Float32Array.of(3, 3));
  });

  it('aliases a variable with itself', () => {
    const v = new Variable(tensor([1, 1]));
    const program = makeProgram(() => v.assign(p.negate(v.value)));
    expect(program.inputs[0]!.aliases).toBe(0);
  });

  it('keeps what a user holds when the variable moves on', async () => {
    const { v, step } = counter();
    step(tensor([1, 1]));
    const before = v.value;
    step(tensor([1, 1]));
    step(tensor([1, 1]));
    expect(await before.array()).toEqual([2, 2]);
    expect(await v.value.array()).toEqual([4, 4]);
  });

  it('copies when two variables hold the same buffer', async () => {
    const shared = p.add(tensor([1]), tensor([1]));
    const a = new Variable(shared);
    const b = new Variable(shared);
    const step = jit(() => {
      a.assign(p.add(a.value, b.value));
      b.assign(p.negate(b.value));
    });
    step();
    step();
    expect(await a.value.array()).toEqual([2]);
    expect(await b.value.array()).toEqual([2]);
    expect(await shared.array()).toEqual([2]);
  });

  it('frees what it owns by count: training needs no garbage collector', async () => {
    const { step } = counter();
    const run = async (): Promise<void> => {
      using x = tensor([1, 1]);
      using y = step(x);
      await y.data();
    };
    await run();
    await run();
    const { liveBuffers } = device().memory();
    for (let i = 0; i < 20; i++) await run();
    expect(device().memory().liveBuffers).toBe(liveBuffers);
  });

  it('makes variables inside a trace from a function', async () => {
    let v: Variable | undefined;
    const f = jit((x: Tensor) => {
      v ??= new Variable(() => tensor([7]));
      v.assign(p.add(v.value, x));
      return v.value;
    });
    expect(await f(tensor([1])).array()).toEqual([8]);
    expect(await f(tensor([1])).array()).toEqual([9]);
    expect(() => jit((x: Tensor) => new Variable(p.add(x, x)) && x)(tensor([1]))).toThrow(/starts from a function/);
  });
});

onDevices(all, 'tracing', () => {
  it('runs nothing and writes nothing in evalShape', () => {
    const v = new Variable(tensor([1, 1]));
    const types = evalShape(
      (x: Tensor) => {
        v.assign(x);
        return { y: p.compare(x, x, 'EQ'), n: 3 };
      },
      { dtype: 'float32', shape: [2] },
    );
    expect(types).toEqual({ y: { dtype: 'bool', shape: [2] }, n: 3 });
    expect(`${v}`).toBe('Variable variable float32[2] [1, 1]');
  });

  it('takes trees of types, and leaves all else as it is', () => {
    const seen: unknown[] = [];
    const types = evalShape(
      (options: { slot: number; pair: [Tensor, string] }) => {
        seen.push(options.slot, options.pair[1]);
        return p.negate(options.pair[0]);
      },
      { slot: 0, pair: [{ dtype: 'int32', shape: [3] }, 'static'] },
    );
    expect(types).toEqual({ dtype: 'int32', shape: [3] });
    expect(seen).toEqual([0, 'static']);
  });

  it('refuses values that leaked out of a trace', () => {
    let leaked: Tensor | undefined;
    jit((x: Tensor) => (leaked = p.add(x, x)))(tensor([1]));
    expect(() => p.add(leaked!, leaked!)).toThrow(/after its trace was over/);
    expect(() => jit((x: Tensor) => p.add(x, leaked!))(tensor([1]))).toThrow(/after its trace was over/);
    expect(() => new Variable(tensor([1])).assign(leaked!)).toThrow(/after its trace was over/);
  });

  it('refuses to read traced values', async () => {
    let reading: Promise<unknown> | undefined;
    jit((x: Tensor) => {
      reading = x.data();
      return x;
    })(tensor([1]));
    await expect(reading).rejects.toThrow(/no elements yet/);
  });

  it('refuses async functions', () => {
    expect(() => jit(async (x: Tensor) => x)(tensor([1]))).toThrow(/must not be async/);
  });

  it('leaves the surrounding frame as it was when the function throws', async () => {
    const failing = jit(() => {
      throw new Error('mine');
    });
    expect(failing).toThrow('mine');
    const y = p.add(tensor([1]), tensor([1]));
    await y.data();
  });

  it('changes nothing when an assigned value does not fit', () => {
    const v = new Variable(tensor([1, 2]), { path: 'dense/bias' });
    expect(() => v.assign(tensor([1]))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(() => v.assign(tensor([1, 2], { dtype: 'int32' }))).toThrow(/dense\/bias.*float32\[2\].*int32\[2\]/);
    expect(`${v}`).toBe('Variable dense/bias float32[2] [1, 2]');
  });
});
