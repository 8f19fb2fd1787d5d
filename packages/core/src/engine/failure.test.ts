import { type Backend, CeratopsError, type Executable, type Program } from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { fakeRemoteBackend, LocalDevice, referenceBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { all, onDevices } from '../test-support/devices.js';
import { jit } from '../transform/jit.js';
import { Variable } from '../variable.js';
import { useBackend } from './default-engine.js';

/** The reference device with compilations that take their time, or fail, as the test says. */
class Slow {
  readonly device: LocalDevice = referenceBackend();
  readonly order: string[] = [];
  #gates: { readonly program: Program; readonly open: (error?: CeratopsError) => void }[] = [];

  get backend(): Backend {
    const { device } = this;
    return new Proxy(device, {
      get: (target, name) => {
        if (name === 'compile') return (program: Program) => this.#compile(program);
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Lets the oldest compilation of programs with this op finish. */
  release(op: string, error?: CeratopsError): void {
    const index = this.#gates.findIndex(({ program }) => program.instructions.some((i) => i.op === op));
    expect(index).not.toBe(-1);
    this.#gates.splice(index, 1)[0]!.open(error);
  }

  async #compile(program: Program): Promise<Executable> {
    await new Promise<void>((resolve, reject) => {
      this.#gates.push({ program, open: (error) => (error === undefined ? resolve() : reject(error)) });
    });
    const executable = this.device.compile(program);
    return {
      ...executable,
      execute: (call) => {
        this.order.push(program.instructions[0]!.op);
        executable.execute(call);
      },
    };
  }
}

const broken = (): CeratopsError => new CeratopsError('UNSUPPORTED', 'no such kernel');
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});

afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

describe('the queue', () => {
  it('keeps the order of launches although later programs compile first', async () => {
    const slow = new Slow();
    useBackend(slow.backend);
    const x = tensor([4]);
    const a = p.sqrt(x);
    const first = a.data();
    const b = p.negate(a);
    const second = b.data();
    slow.release('negate');
    await new Promise((resolve) => setTimeout(resolve));
    expect(slow.order).toEqual([]);
    slow.release('sqrt');
    expect([await first, await second]).toEqual([Float32Array.of(2), Float32Array.of(-2)]);
    expect(slow.order).toEqual(['sqrt', 'negate']);
  });

  it('returns from jit at once while the program compiles', async () => {
    const slow = new Slow();
    useBackend(slow.backend);
    const v = new Variable(tensor([1]));
    const step = jit(() => v.assign(p.add(v.value, v.value)));
    step();
    step();
    const read = v.value.data();
    slow.release('add');
    expect(await read).toEqual(Float32Array.of(4));
  });

  it('frees in its turn', async () => {
    const slow = new Slow();
    useBackend(slow.backend);
    const x = tensor([4]);
    const y = p.sqrt(x);
    const read = y.data();
    x.dispose();
    y.dispose();
    slow.release('sqrt');
    expect(await read).toEqual(Float32Array.of(2));
    await new Promise((resolve) => setTimeout(resolve));
    expect(slow.device.memory().liveBuffers).toBe(0);
  });
});

describe('a failed compilation', () => {
  it('poisons outputs and dependants with the first cause, the program and the op; the next call works', async () => {
    const slow = new Slow();
    useBackend(slow.backend);
    const x = tensor([4]);
    const a = p.sqrt(x);
    const first = a.data();
    const second = p.negate(a).data();
    slow.release('negate');
    slow.release('sqrt', broken());
    await expect(first).rejects.toMatchObject({ code: 'UNSUPPORTED', subject: 'eager, sqrt' });
    await expect(second).rejects.toMatchObject({ code: 'UNSUPPORTED', subject: 'eager, negate' });
    await expect(second).rejects.toThrow(/no such kernel/);
    const again = p.sqrt(x).data();
    slow.release('sqrt');
    expect(await again).toEqual(Float32Array.of(2));
  });

  it('leaves variables as they were, through a chain of launches', async () => {
    const slow = new Slow();
    useBackend(slow.backend);
    const v = new Variable(tensor([5]));
    const w = new Variable(tensor([1]));
    const bad = jit(() => v.assign(p.sqrt(v.value)));
    const good = jit(() => w.assign(p.add(w.value, w.value)));
    bad();
    good();
    bad();
    const during = v.value;
    slow.release('add');
    slow.release('sqrt', broken());
    expect(await w.value.array()).toEqual([2]);
    expect(await v.value.array()).toEqual([5]);
    await expect(during.data()).rejects.toThrow(/no such kernel/);
    bad();
    slow.release('sqrt');
    expect(await v.value.item()).toBeCloseTo(Math.sqrt(5));
  });

  it('takes only what depends on the op that no kernel computes', async () => {
    const device = referenceBackend();
    const compile = device.compile.bind(device);
    useBackend(
      Object.assign(device, {
        compile: (program: Program) => {
          if (program.instructions.some(({ op }) => op === 'sqrt')) throw broken();
          return compile(program);
        },
      }),
    );
    await tensor([0]).data();
    const x = tensor([4]);
    const v = new Variable(() => p.add(x, x));
    const before = p.negate(x);
    const root = p.sqrt(x);
    const after = p.add(v.value, before);
    const tainted = p.add(after, root);
    expect(await after.data()).toEqual(Float32Array.of(4));
    expect(await v.value.data()).toEqual(Float32Array.of(8));
    expect(await before.data()).toEqual(Float32Array.of(-4));
    await expect(root.data()).rejects.toThrow(/no such kernel/);
    await expect(tainted.data()).rejects.toThrow(/no such kernel/);
  });

  it('is told by reads only: nobody has to look', async () => {
    const slow = new Slow();
    useBackend(slow.backend);
    void p.sqrt(tensor([4])).data();
    void p.sqrt(tensor([4])).array();
    void p.sqrt(tensor([4])).print();
    slow.release('sqrt', broken());
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('a run that fails', () => {
  it('takes back what failed steps wrote to variables, where failures are atomic', async () => {
    let armed = false;
    const device = new LocalDevice({
      name: 'flaky',
      synchronousReads: true,
      run: (program, inputs) => {
        if (armed && program.instructions.some(({ op }) => op === 'sqrt')) {
          throw new CeratopsError('EXECUTION_FAILED', 'worker died');
        }
        return evaluateProgram(program, inputs);
      },
    });
    useBackend(device);
    const v = new Variable(tensor([256]));
    const w = new Variable(tensor([3]));
    const step = jit((x: Tensor) => {
      v.assign(p.sqrt(v.value));
      w.assign(p.add(w.value, x));
      return v.value;
    });
    const x = tensor([1]);
    await step(x).data();
    await step(x).data();
    expect(await v.value.array()).toEqual([4]);
    armed = true;
    step(x);
    step(x);
    const loss = step(x);
    await expect(loss.data()).rejects.toMatchObject({ code: 'EXECUTION_FAILED', subject: 'jit' });
    armed = false;
    expect(await v.value.array()).toEqual([4]);
    expect(await w.value.array()).toEqual([5]);
    expect(await step(x).array()).toEqual([2]);
    const { liveBuffers } = device.memory();
    for (let i = 0; i < 5; i++) step(x).dispose();
    expect(device.memory().liveBuffers).toBe(liveBuffers);
    armed = true;
    expect(() => step(x).dataSync()).toThrow(/worker died/);
    armed = false;
    expect(await w.value.array()).toEqual([11]);
  });

  it('says what is lost where failures are not atomic', async () => {
    const device = fakeRemoteBackend();
    useBackend(device);
    const v = new Variable(tensor([256]));
    const step = jit(() => v.assign(p.sqrt(v.value)));
    step();
    await v.value.data();
    device.failNext('execute', new CeratopsError('DEVICE_LOST', 'connection lost'));
    step();
    await expect(v.value.data()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    v.assign(tensor([16]));
    step();
    expect(await v.value.array()).toEqual([4]);
    await device.close();
  });
});

onDevices(all, 'mixing backends', (device) => {
  it('is one typed error that names both', async () => {
    const x = tensor(new Float32Array(100));
    await p.add(x, x).data();
    const first = device().name;
    const other = referenceBackend();
    useBackend(other);
    const y = tensor(new Float32Array(100));
    await p.add(y, y).data();
    expect(() => p.add(x, y)).toThrow(
      expect.objectContaining({ code: 'BACKEND_MISMATCH', subject: 'add', received: `${first} and reference` }),
    );
    expect(() => jit((a: Tensor, b: Tensor) => p.add(a, b))(x, y)).toThrow(
      expect.objectContaining({ code: 'BACKEND_MISMATCH' }),
    );
    await p.multiply(x, x).data();
    expect(other.counters.executes).toBe(1);
  });
});
