import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as compiler from '@ceratops/compiler';
import {
  buildProgram,
  type Emitter,
  type HostArray,
  type Program,
  ProgramBuilder,
  splat,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CpuBackend } from '../backend.js';
import { expectClose, randomInputs, relaxedRuns, runOn } from '../test-support/check.js';
import { userFolder } from './folder.js';
import { PlanCache, type PlanCacheOptions, planCacheFor } from './plan-cache.js';

const compiled = vi.hoisted(() => ({ programs: 0 }));

vi.mock('@ceratops/compiler', async (original) => {
  const actual = await original<typeof compiler>();
  const compileProgram: typeof actual.compileProgram = (...call) => {
    compiled.programs++;
    return actual.compileProgram(...call);
  };
  return { ...actual, compileProgram };
});

const f32 = (...shape: number[]) => tensorType('float32', shape);
const i32 = tensorType('int32', []);
const shareEverything = { step: 1, chunk: 1, wake: 1 };
const open: CpuBackend[] = [];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ceratops-plans-'));
});

afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A backend as another process would have it: only the folder is common. */
function backend(
  options: ConstructorParameters<typeof CpuBackend>[0] = {},
  cache: Partial<PlanCacheOptions> = {},
): CpuBackend {
  const made = new CpuBackend({ threads: 1, relaxedSimd: false, ...options }, shareEverything);
  made.engine.planCache = new PlanCache({ folder, leastMilliseconds: 0, ...cache });
  open.push(made);
  return made;
}

/** How many programs the compiler was given meanwhile. */
function compilations(action: () => void): number {
  const before = compiled.programs;
  action();
  return compiled.programs - before;
}

function entries(): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

/** Whether a new backend finds the program that another one kept. */
function finds(program: Program, options: ConstructorParameters<typeof CpuBackend>[0] = {}): boolean {
  const on = backend(options);
  const count = compilations(() => on.compile(program));
  expect(on.engine.planCache!.statistics).toEqual(count === 0 ? { hits: 1, stores: 0 } : { hits: 0, stores: 1 });
  return count === 0;
}

const weights = { type: f32(64, 32), data: Float32Array.from({ length: 64 * 32 }, (_, i) => (i % 7) / 8 - 0.5) };

/** A product with a constant, something elementwise behind it, and a sum. */
function dense(edit: { readonly scale?: number; readonly weight?: number; readonly axis?: number } = {}): Program {
  const { scale = 0.5, weight = 0.25, axis = 0 } = edit;
  const data = weights.data.slice();
  data[5] = weight;
  return buildProgram([f32(96, 64)], (e, x) => {
    const [w] = e.emit('constant', [], { value: { ...weights, data } });
    const product = emit.dotGeneral(e, x!, w!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
    const scaled = emit.multiply(e, emit.tanh(e, product), emit.fill(e, product.type, scale));
    return [scaled, emit.reduceSum(e, scaled, [axis])];
  });
}

/** Doubles x so many times. */
function doubling(rounds: number): Program {
  return buildProgram([i32, f32(64)], (e, zero, x) => {
    const condition = buildProgram([i32, f32(64)], (b, i) => [emit.compare(b, i!, emit.fill(b, i32, rounds), 'LT')]);
    const body = buildProgram([i32, f32(64)], (b, i, v) => [
      emit.add(b, i!, emit.fill(b, i32, 1)),
      emit.add(b, v!, v!),
    ]);
    return [emit.whileLoop(e, [zero!, x!], condition, body)[1]!];
  });
}

/** x ← x + g, giving its storage or not. */
function update(aliases: readonly (number | undefined)[]): Program {
  const builder = new ProgramBuilder();
  const [x, g] = [builder.input(f32(100)), builder.input(f32(100))];
  return builder.build([emit.add(builder, x, g)], 'update', aliases);
}

describe('a program that another process compiled', () => {
  const cases: readonly (readonly [string, Program, readonly HostArray[]])[] = [
    ['with constants', dense(), randomInputs(dense())],
    ['with a loop', doubling(6), [Int32Array.of(0), new Float32Array(64).fill(1.5)]],
  ];
  it.each(cases)('%s is not compiled again, and computes the same bits', (_, program, inputs) => {
    for (const options of [{ threads: 1 }, { threads: 2 }]) {
      const first = runOn(backend(options), program, inputs);
      expectClose(
        'first',
        first,
        evaluateProgram(program, inputs),
        program.outputs.map((id) => typeOf(program, id)),
        {},
      );
      const on = backend(options);
      expect(compilations(() => expect(runOn(on, program, inputs)).toEqual(first))).toBe(0);
      expect(on.engine.planCache!.statistics).toEqual({ hits: 1, stores: 0 });
    }
    expect(entries()).toHaveLength(2);
  });

  it('shares its work with worker threads', async () => {
    const inputs = randomInputs(dense());
    const expected = runOn(backend(), dense(), inputs);
    runOn(backend({ threads: 2 }), dense(), inputs);
    const on = backend({ threads: 2 });
    for (let i = 0; i < 200 && on.engine.pool!.started === 0; i++) {
      expect(runOn(on, dense(), inputs)).toEqual(expected);
      await new Promise((done) => setTimeout(done, 5));
    }
    expect(on.engine.pool!.started).toBe(1);
    for (let i = 0; i < 20; i++) expect(runOn(on, dense(), inputs)).toEqual(expected);
  });

  it('gives storage away as it did', () => {
    const program = update([0, undefined]);
    const results = [backend(), backend()].map((on) => {
      on.write(1, f32(100), new Float32Array(100).fill(1));
      on.write(2, f32(100), new Float32Array(100).fill(2));
      const executable = on.compile(program);
      const before = on.memory().liveBytes;
      executable.execute({ inputs: [1, 2], outputs: [3] });
      expect(on.memory().liveBytes).toBe(before);
      expect(on.readSync(3)).toEqual(new Float32Array(100).fill(3));
      executable.release();
      return on.memory();
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('explains itself and is profiled as one compiled here', () => {
    const [here, there] = [backend(), backend()].map((on) => on.compile(dense()));
    expect(there!.explain()).toBe(here!.explain());
    const [, on] = open;
    on!.profile(true);
    const inputs = randomInputs(dense());
    const results = runOn(on!, dense(), inputs);
    const { events } = on!.profile(false)!;
    expect(events.flatMap(({ ops }) => ops)).toContain('dot_general');
    expect(results).toEqual(runOn(backend(), dense(), inputs));
  });

  it('has no memory for its constants: the budget counts as ever', () => {
    const large = buildProgram([f32()], (e, x) => {
      const value = { type: f32(100_000), data: Float32Array.from({ length: 100_000 }, (_, i) => i) };
      return [emit.add(e, emit.broadcastInDim(e, x!, [100_000], []), e.emit('constant', [], { value })[0]!)];
    });
    backend().compile(large);
    const on = backend({ memoryLimitBytes: 200_000 });
    expect(() => on.compile(large)).toThrowError(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
    expect(on.memory().liveBytes).toBe(0);
  });
});

function typeOf({ inputs, instructions }: Program, id: number) {
  return [...inputs.map(({ type }) => type), ...instructions.flatMap(({ results }) => results)][id]!;
}

describe('programs that differ', () => {
  const negated = (value: number): Program =>
    buildProgram([f32(8)], (e, x) => [emit.divide(e, x!, e.emit('constant', [], { value: splat(f32(8), value) })[0]!)]);
  const pairs: readonly (readonly [string, Program, Program])[] = [
    ['in one number of a constant', dense(), dense({ weight: 0.2500001 })],
    ['in a scalar', dense(), dense({ scale: 0.25 })],
    ['in the sign of a zero', negated(0), negated(-0)],
    ['in an attribute', dense(), dense({ axis: 1 })],
    ['in an alias', update([undefined, undefined]), update([0, undefined])],
    ['in which input is aliased', update([0, undefined]), update([undefined, 0])],
    ['in the order of the outputs', ...inBothOrders((e, x) => [emit.negate(e, x), emit.tanh(e, x)])],
    ['in the condition of a loop', doubling(6), doubling(7)],
  ];
  it.each(pairs)('%s do not share', (_, one, other) => {
    expect(finds(one)).toBe(false);
    expect(finds(other)).toBe(false);
    expect(finds(one)).toBe(true);
    expect(finds(other)).toBe(true);
  });

  it('by name only, do', () => {
    expect(finds(dense())).toBe(false);
    expect(finds({ ...dense(), name: 'another' })).toBe(true);
  });
});

function inBothOrders(make: (e: Emitter, x: Value) => [Value, Value]): [Program, Program] {
  return [buildProgram([f32(8)], (e, x) => make(e, x!)), buildProgram([f32(8)], (e, x) => make(e, x!).reverse())];
}

describe('code for something else', () => {
  type Options = ConstructorParameters<typeof CpuBackend>[0];
  const pairs: readonly (readonly [string, Options, Options])[] = [
    ['other numbers of threads', { threads: 1 }, { threads: 2 }],
    ['other deadlines', { threads: 2 }, { threads: 2, deadlineMilliseconds: 1234 }],
  ];
  const relaxed = ['relaxed SIMD', {}, { relaxedSimd: true }] as const;
  it.each(relaxedRuns ? [...pairs, relaxed] : pairs)('is apart: %s', (_, one, other) => {
    expect(finds(dense(), one)).toBe(false);
    expect(finds(dense(), other)).toBe(false);
    expect(finds(dense(), one)).toBe(true);
    expect(finds(dense(), other)).toBe(true);
  });

  it('is apart: other versions of the packages', async () => {
    expect(finds(dense())).toBe(false);
    vi.resetModules();
    vi.doMock('../version.js', () => ({ packageVersion: '99.0.0' }));
    const { PlanCache: Newer } = await import('./plan-cache.js');
    vi.doUnmock('../version.js');
    const on = backend();
    on.engine.planCache = new Newer({ folder, leastMilliseconds: 0 }) as unknown as PlanCache;
    expect(compilations(() => on.compile(dense()))).toBe(1);
    expect(finds(dense())).toBe(true);
  });
});

describe('a file that is no good', () => {
  /** Replaces the one entry, and expects the program to compile, and the entry to be mended. */
  const mends = (edit: (bytes: Uint8Array) => Uint8Array): void => {
    const program = dense();
    const inputs = randomInputs(program);
    const expected = runOn(backend(), program, inputs);
    const [path] = entries() as [string];
    const good = readFileSync(path);
    const bad = edit(Uint8Array.from(good));
    expect(bad).not.toEqual(Uint8Array.from(good));
    writeFileSync(path, bad);
    expect(compilations(() => expect(runOn(backend(), program, inputs)).toEqual(expected))).toBe(1);
    expect(Uint8Array.from(readFileSync(path))).toEqual(Uint8Array.from(good));
    expect(finds(program)).toBe(true);
  };

  it.each([
    ['is empty', () => new Uint8Array(0)],
    ['is cut short', (bytes: Uint8Array) => bytes.slice(0, -8)],
    ['is cut in the middle of a number', (bytes: Uint8Array) => bytes.slice(0, 21)],
    ['is longer', (bytes: Uint8Array) => Uint8Array.from([...bytes, ...new Uint8Array(8)])],
    ['is something else', (bytes: Uint8Array) => bytes.map((_, i) => (i * 31) % 251)],
  ])('%s', (_, edit) => mends(edit));

  it('has one bit turned, wherever it is', () => {
    const { length } = ((): Uint8Array => {
      backend().compile(dense());
      return readFileSync(entries()[0]!);
    })();
    for (let at = 3; at < length; at += Math.floor(length / 15)) {
      mends((bytes) => {
        bytes[at]! ^= 4;
        return bytes;
      });
    }
  });

  it('has the name of this one, but another program in it', () => {
    backend().compile(dense());
    const [wanted] = entries() as [string];
    const first = readFileSync(wanted);
    rmSync(wanted);
    backend().compile(dense({ scale: 3 }));
    const [other] = entries() as [string];
    const foreign = readFileSync(other);
    writeFileSync(wanted, foreign);
    expect(finds(dense())).toBe(false);
    expect(readFileSync(wanted)).toEqual(first);
  });

  it('is a folder', () => {
    backend().compile(dense());
    const [path] = entries() as [string];
    rmSync(path);
    mkdirSync(path);
    const program = dense();
    expect(compilations(() => runOn(backend(), program, randomInputs(program)))).toBe(1);
    expect(entries()).toEqual([path]);
  });
});

describe('the folder', () => {
  it('is made when it is needed, for its user alone', () => {
    folder = join(folder, 'not', 'there');
    expect(finds(dense())).toBe(false);
    expect(finds(dense())).toBe(true);
    if (process.platform !== 'win32') {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(entries()[0]!).mode & 0o777).toBe(0o600);
    }
  });

  it('that cannot be made costs nothing but the time to compile', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    folder = join(file, 'plans');
    const program = dense();
    const inputs = randomInputs(program);
    for (let i = 0; i < 2; i++) {
      expect(compilations(() => expect(runOn(backend(), program, inputs)).toHaveLength(2))).toBe(1);
    }
    folder = file;
  });

  it('keeps below its limit: what was used least recently goes', () => {
    const programs = Array.from({ length: 40 }, (_, i) => dense({ scale: i + 1 }));
    backend().compile(programs[0]!);
    const [first] = entries() as [string];
    const { size } = statSync(first);
    const limitBytes = 20 * size;
    for (const [i, program] of programs.entries()) {
      const before = new Set(entries());
      backend({}, { limitBytes }).compile(program);
      // A time of its own for each; the first is used again before each of the others.
      const made = entries().filter((path) => !before.has(path));
      for (const path of made) utimesSync(path, new Date(1e12), new Date(1e12 + i * 1000));
      utimesSync(first, new Date(1e12), new Date(1e12 + i * 1000 + 500));
    }
    const bytes = entries().reduce((sum, path) => sum + statSync(path).size, 0);
    expect(bytes).toBeLessThanOrEqual(limitBytes);
    expect(bytes).toBeGreaterThan(limitBytes / 2);
    expect(finds(programs[0]!)).toBe(true);
    expect(finds(programs.at(-1)!)).toBe(true);
    expect(finds(programs[1]!)).toBe(false);
  });

  it('notes which files are used', () => {
    finds(dense());
    const [path] = entries() as [string];
    utimesSync(path, new Date(1e12), new Date(1e12));
    expect(finds(dense())).toBe(true);
    expect(statSync(path).mtimeMs).toBeGreaterThan(1e12);
  });

  it('loses what a process left half written, and nothing that is not ours', () => {
    const [old, fresh, foreign] = ['0123abcd.plan.abc', '0123abcd.plan.def', 'notes.plan'].map((name) => {
      const path = join(folder, name);
      appendFileSync(path, 'x');
      return path;
    }) as [string, string, string];
    for (const path of [old, foreign]) utimesSync(path, new Date(0), new Date(0));
    finds(dense());
    expect(entries()).not.toContain(old);
    expect(entries()).toEqual(expect.arrayContaining([fresh, foreign]));
  });

  it('takes no entry that would fill it', () => {
    const on = backend({}, { limitBytes: 64_000 });
    on.compile(dense());
    expect(entries()).toEqual([]);
    expect(on.engine.planCache!.statistics).toEqual({ hits: 0, stores: 0 });
  });
});

describe('what is kept', () => {
  it('is what took long to compile', () => {
    const on = backend({}, { leastMilliseconds: Number.POSITIVE_INFINITY });
    on.compile(dense());
    expect(entries()).toEqual([]);
    expect(on.engine.planCache!.statistics).toEqual({ hits: 0, stores: 0 });
  });

  it('is not looked for where larger programs compiled at once', () => {
    backend().compile(dense());
    const on = backend({}, { leastMilliseconds: Number.POSITIVE_INFINITY });
    on.compile(doubling(3));
    expect(compilations(() => on.compile(dense()))).toBe(1);
    expect(finds(dense())).toBe(true);
  });

  it('is nothing with a great deal of constant data', () => {
    const large = buildProgram([f32()], (e) => [
      e.emit('constant', [], { value: { type: f32(1 << 22), data: new Float32Array(1 << 22).fill(1) } })[0]!,
    ]);
    expect(compilations(() => backend().compile(large))).toBe(1);
    expect(entries()).toEqual([]);
  });
});

describe('which folder', () => {
  const environment = process.env.CERATOPS_PLAN_CACHE;
  afterEach(() => {
    vi.restoreAllMocks();
    process.env.CERATOPS_PLAN_CACHE = environment;
  });

  /** Where a backend with these options keeps a program. */
  const used = (planCache: boolean | string | undefined): boolean => {
    const cache = planCacheFor({ planCache });
    if (cache === undefined) return false;
    const on = backend();
    on.engine.planCache = cache;
    const spent = vi.spyOn(performance, 'now');
    for (let time = 0; time < 8; time++) spent.mockReturnValueOnce(time * 1000);
    on.compile(dense());
    spent.mockRestore();
    return entries().length === 1;
  };

  it('is that of the option', () => {
    expect(used(folder)).toBe(true);
  });

  it('is that of the environment', () => {
    process.env.CERATOPS_PLAN_CACHE = folder;
    expect(used(undefined)).toBe(true);
  });

  it('is none where the option or the environment say so', () => {
    process.env.CERATOPS_PLAN_CACHE = folder;
    expect(planCacheFor({ planCache: false })).toBeUndefined();
    process.env.CERATOPS_PLAN_CACHE = '0';
    expect(planCacheFor({})).toBeUndefined();
    expect(planCacheFor({ planCache: true })).toBeUndefined();
  });

  it('is else the one that the platform has for such files', () => {
    const named = (platform: string, variables: Record<string, string>): string | undefined => {
      vi.stubEnv('XDG_CACHE_HOME', undefined);
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
      vi.spyOn(process, 'platform', 'get').mockReturnValue(platform as NodeJS.Platform);
      try {
        return userFolder();
      } finally {
        vi.unstubAllEnvs();
      }
    };
    expect(named('linux', {})).toBe(join(homedir(), '.cache', 'ceratops', 'plans'));
    expect(named('linux', { XDG_CACHE_HOME: '/caches' })).toBe(join('/caches', 'ceratops', 'plans'));
    expect(named('darwin', {})).toBe(join(homedir(), 'Library', 'Caches', 'ceratops', 'plans'));
    expect(named('win32', { LOCALAPPDATA: '/local' })).toBe(join('/local', 'ceratops', 'plans'));
  });
});
