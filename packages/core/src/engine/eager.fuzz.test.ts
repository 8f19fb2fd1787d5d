import {
  type Backend,
  CeratopsError,
  contractVersion,
  isCeratopsError,
  registerBackend,
} from '@ceratops/kernel-registry';
import { type FakeRemote, fakeRemoteBackend, nullBackend, referenceBackend } from '@ceratops/kernel-registry/testing';
import { expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { jit } from '../transform/jit.js';
import { Variable } from '../variable.js';
import { closeBackend, setBackend, useBackend } from './default-engine.js';

/** A small linear congruential generator: the same sequence for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Pair = readonly [number, number];
const each =
  (f: (a: number, b: number) => number) =>
  (a: Pair, b: Pair): Pair => [Math.fround(f(a[0], b[0])), Math.fround(f(a[1], b[1]))];

const ops: readonly (readonly [(a: Tensor, b: Tensor) => Tensor, (a: Pair, b: Pair) => Pair])[] = [
  [p.add, each((a, b) => a + b)],
  [p.subtract, each((a, b) => a - b)],
  [p.maximum, each(Math.max)],
  [(a, b) => p.negate(p.minimum(a, b)), each((a, b) => -Math.min(a, b))],
  [(a, b) => p.sort([a, b], 0)[1]!, (a, b) => (a[0] <= a[1] ? b : [b[1], b[0]])],
  [jit((a, b) => p.add(a, p.negate(b))), each((a, b) => a - b)],
];

const minus = each((a, b) => a - b);
const constant = (expected: Pair): { x: Tensor; expected: Pair } => ({ x: tensor([...expected]), expected });

/** Ops, reads, disposals and assignments in random order, against plain arithmetic. */
async function run(seed: number): Promise<void> {
  const random = generator(seed);
  const value = (): Pair => [random(100), random(100) - 50];
  const held = Array.from({ length: 3 }, () => constant(value()));
  const states = [value(), value()].map((expected) => ({ v: new Variable(tensor([...expected])), expected }));
  const pick = (): { x: Tensor; expected: Pair } => held[random(held.length)]!;
  const step = jit((x: Tensor) => {
    for (const { v } of states) v.assign(p.subtract(x, v.value));
  });
  for (let i = 0; i < 60; i++) {
    const action = random(12);
    const state = states[random(2)]!;
    if (action < 6) {
      const [op, plain] = ops[random(ops.length)]!;
      const a = pick();
      const b = pick();
      held.push({ x: op(a.x, b.x), expected: plain(a.expected, b.expected) });
    } else if (action === 6) {
      const { x, expected } = pick();
      expect(await x.array()).toEqual([...expected]);
    } else if (action === 7 && held.length > 3) {
      for (const { x } of held.splice(random(held.length), 1)) x.dispose();
    } else if (action === 8) {
      held.push({ x: state.v.value, expected: state.expected });
    } else if (action === 9) {
      const { x, expected } = pick();
      state.v.assign(x);
      state.expected = expected;
    } else if (action === 10) {
      const { x, expected } = pick();
      step(x);
      for (const each of states) {
        each.expected = minus(expected, each.expected);
      }
    } else expect(await state.v.value.array()).toEqual([...state.expected]);
  }
  for (const { x, expected } of held) expect(await x.array()).toEqual([...expected]);
}

it('random programs of ops, reads, disposals and state give what plain arithmetic gives', async () => {
  useBackend(referenceBackend());
  for (let seed = 1; seed <= 150; seed++) await run(seed);
});

it('random programs that dispose of everything leave nothing on the device', async () => {
  const device = nullBackend();
  useBackend(device);
  const negated = jit((a: Tensor, b: Tensor) => p.add(a, p.negate(b)));
  for (let seed = 1; seed <= 100; seed++) {
    const random = generator(seed);
    const held: Tensor[] = [tensor([1, 2]), tensor([3, 4])];
    for (let i = 0; i < 40; i++) {
      const op = [p.add, p.subtract, p.maximum, negated][random(4)]!;
      held.push(op(held[random(held.length)]!, held[random(held.length)]!));
      if (random(5) === 0) await held[random(held.length)]!.data();
    }
    const last = p.negate(held[0]!);
    while (held.length > 0) held.splice(random(held.length), 1)[0]!.dispose();
    // What was recorded and disposed of before it ran goes with the next launch.
    await last.data();
    last.dispose();
    expect(device.memory().liveBuffers).toBe(0);
  }
});

/** The reference device where a compilation takes a while, and may fail since something does not load. */
function unreliable(random: (below: number) => number): Backend {
  const device = referenceBackend();
  return new Proxy(device, {
    get: (target, name) => {
      if (name === 'compile') {
        return async (...call: Parameters<Backend['compile']>) => {
          for (let i = random(3); i > 0; i--) await undefined;
          if (random(3) === 0) throw new CeratopsError('LOAD_FAILED', 'a chunk is missing');
          return target.compile(...call);
        };
      }
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Reads until it works. */
async function persistently(x: () => Tensor): Promise<unknown> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return await x().array();
    } catch (error) {
      if (!isCeratopsError(error, 'LOAD_FAILED')) throw error;
    }
  }
  throw new Error('it never worked');
}

async function runUnreliably(seed: number): Promise<void> {
  const random = generator(seed);
  useBackend(unreliable(random), { cacheBytes: 0 });
  const value = (): Pair => [random(100), random(100) - 50];
  const held = Array.from({ length: 3 }, () => constant(value()));
  const pick = (): { x: Tensor; expected: Pair } => held[random(held.length)]!;
  const state = { v: new Variable(p.negate(held[0]!.x)), expected: ops[3]![1](held[0]!.expected, held[0]!.expected) };
  let undone = false;
  const step = jit((x: Tensor) => state.v.assign(p.subtract(x, state.v.value)), { onFailure: () => (undone = true) });
  for (let i = 0; i < 60; i++) {
    const action = random(12);
    if (action < 6) {
      const [op, plain] = ops[random(5)]!;
      const a = pick();
      const b = pick();
      held.push({ x: op(a.x, b.x), expected: plain(a.expected, b.expected) });
    } else if (action === 6) {
      const { x, expected } = pick();
      expect(await persistently(() => x)).toEqual([...expected]);
    } else if (action === 7) {
      // Nobody waits for this one.
      void pick().x.data();
    } else if (action === 8 && held.length > 3) {
      for (const { x } of held.splice(random(held.length), 1)) x.dispose();
    } else if (action === 9) {
      const { x, expected } = pick();
      state.v.assign(x);
      state.expected = expected;
    } else if (action === 10) {
      const { x, expected } = pick();
      undone = false;
      step(x);
      await state.v.value.data().catch(() => {});
      if (!undone) {
        state.expected = minus(expected, state.expected);
      }
    } else expect(await persistently(() => state.v.value)).toEqual([...state.expected]);
  }
  for (const { x, expected } of held) expect(await persistently(() => x)).toEqual([...expected]);
  expect(await persistently(() => state.v.value)).toEqual([...state.expected]);
}

it('random programs lose no value while things fail to load', async () => {
  for (let seed = 1; seed <= 150; seed++) await runUnreliably(seed);
});

const isLost = (error: unknown): boolean => isCeratopsError(error, 'DEVICE_LOST');

/** Nothing is ever wrong: it is what it should be, or says that it is lost; and what is new works. */
async function runWithLosses(seed: number, lose: () => void): Promise<number> {
  const random = generator(seed);
  const value = (): Pair => [random(100), random(100) - 50];
  let held = Array.from({ length: 3 }, () => constant(value()));
  const pick = (): { x: Tensor; expected: Pair } => held[random(held.length)]!;
  const v = new Variable(tensor([...value()]));
  /** What the variable may hold: after a loss its value, or one from before launches that did not happen. */
  let states: Pair[] = [(await v.value.array()) as unknown as Pair];
  let losses = 0;
  const step = jit((x: Tensor) => v.assign(p.subtract(x, v.value)));
  const assign = (): void => {
    states = [value()];
    v.assign(tensor([...states[0]!]));
  };
  const check = async (entry: { readonly x: Tensor; readonly expected: Pair }): Promise<void> => {
    try {
      expect(await entry.x.array()).toEqual([...entry.expected]);
    } catch (error) {
      if (!isLost(error)) throw error;
      losses++;
      held = held.filter((other) => other !== entry);
      held.push(constant(value()));
    }
  };
  for (let i = 0; i < 80; i++) {
    const action = random(14);
    if (action < 5) {
      const [op, plain] = ops[random(ops.length)]!;
      const a = pick();
      const b = pick();
      held.push({ x: op(a.x, b.x), expected: plain(a.expected, b.expected) });
    } else if (action === 5) await check(pick());
    else if (action === 6) void pick().x.data();
    else if (action === 7) {
      for (const { x } of held.splice(random(held.length), 1)) x.dispose();
      held.push(constant(value()));
    } else if (action === 8) {
      const { x, expected } = pick();
      v.assign(x);
      states = [expected];
    } else if (action === 9) assign();
    else if (action === 10) {
      const { x, expected } = pick();
      try {
        step(x);
        states = [...states, ...states.map((state) => minus(expected, state))];
      } catch (error) {
        if (!isLost(error)) throw error;
        assign();
      }
    } else if (action === 11) {
      lose();
      if (random(2) === 0) await undefined;
    } else {
      try {
        const read = (await v.value.array()) as unknown as Pair;
        expect(states.map(String)).toContain(String(read));
        states = [read];
      } catch (error) {
        if (!isLost(error)) throw error;
        losses++;
        assign();
      }
    }
  }
  for (const entry of [...held]) await check(entry);
  const fresh = constant(value());
  expect(await p.add(fresh.x, fresh.x).array()).toEqual(fresh.expected.map((element) => 2 * element));
  return losses;
}

it('random programs on devices that are lost give what plain arithmetic gives, or say what is lost', async () => {
  let device: FakeRemote | undefined;
  const create = (): Backend => (device = fakeRemoteBackend({ maximumDelay: 0 }));
  registerBackend({ name: 'losable', version: '1', contract: contractVersion, priority: 0, create });
  let losses = 0;
  for (let seed = 1; seed <= 60; seed++) {
    await setBackend('losable');
    losses += await runWithLosses(seed, () => device!.disconnect());
    await closeBackend();
  }
  expect(losses).toBeGreaterThan(60);
});
