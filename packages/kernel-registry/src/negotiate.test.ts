import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from './any-op.js';
import type { BackendFactory, OpQuery, QueryAnswer } from './backend.js';
import { backends, registerBackend } from './backends.js';
import { type CompositeDefinition, compositeOf, defineComposite, registerComposite } from './composite.js';
import { logistic, softmax } from './composites/index.js';
import * as emit from './emit/index.js';
import { evaluateProgram } from './evaluator/index.js';
import { expandComposites } from './expand.js';
import { kernelsFor, registerKernel } from './kernel.js';
import { type Capabilities, explain, negotiate } from './negotiate.js';
import { validateProgram } from './program/validate.js';
import type { Program } from './program.js';
import { tensorType } from './tensor-type.js';
import { allDTypes } from './testing/device.js';

const f23 = tensorType('float32', [2, 3]);
const data = Float32Array.of(1, 2, 3, -1, 0, 5);

function capabilities(answer: (query: OpQuery) => QueryAnswer, changes: Partial<Capabilities> = {}): Capabilities {
  return { name: 'toy', opset: 1, dtypes: allDTypes, query: answer, ...changes };
}
const native: QueryAnswer = { kind: 'native' };
const decompose: QueryAnswer = { kind: 'decompose' };
const withoutComposites = capabilities(({ op }) => (op === 'composite' ? decompose : native));

const program = buildProgram([f23], (e, x) => {
  const [gate] = emit.composite(e, logistic, [x]);
  return emit.composite(e, softmax, [emit.multiply(e, x, gate!)], { axis: 1 });
});
const aliased: Program = { ...program, inputs: [{ type: f23, aliases: 0 }] };

/** A composite made of a composite. */
const silu: CompositeDefinition = defineComposite({
  name: 'test.silu@1',
  infer: (operands) => operands,
  decompose: (e, [x]) => [emit.multiply(e, x!, emit.composite(e, logistic, [x!])[0]!)],
});

describe('negotiate', () => {
  it('expands what the backend decomposes and leaves the values as they were', () => {
    const expanded = negotiate(aliased, withoutComposites);
    validateProgram(expanded);
    expect(expanded.instructions.some(({ op }) => op === 'composite')).toBe(false);
    expect(expanded.inputs).toEqual(aliased.inputs);
    expect(expanded.name).toBe(aliased.name);
    const [before] = evaluateProgram(aliased, [data]);
    expect(evaluateProgram(expanded, [data])).toEqual([before]);
  });

  it('keeps what the backend runs itself, and returns the same program when nothing changes', () => {
    const all = capabilities(() => native);
    expect(negotiate(program, all)).toBe(program);
    const one = capabilities((query) =>
      query.op === 'composite' && (query.attributes as { name: string }).name === 'ceratops.logistic@1'
        ? decompose
        : native,
    );
    const kept = negotiate(program, one).instructions.filter(({ op }) => op === 'composite');
    expect(kept).toHaveLength(1);
    expect(kept[0]!.attributes).toMatchObject({ name: 'ceratops.softmax@1' });
  });

  it('expands composites in composites and in regions', () => {
    const scalar = tensorType('float32', []);
    const condition = buildProgram([scalar], (e, x) => [emit.compare(e, x, emit.constantLike(e, x, 1), 'LT')]);
    const body = buildProgram([scalar], (e, x) => [
      emit.add(e, emit.composite(e, silu, [x])[0]!, emit.constantLike(e, x, 0.6)),
    ]);
    const loop = buildProgram([scalar], (e, x) => emit.whileLoop(e, [x], condition, body));
    const expanded = negotiate(loop, withoutComposites);
    validateProgram(expanded);
    const [{ attributes }] = expanded.instructions as unknown as [{ attributes: { body: Program } }];
    expect(attributes.body.instructions.map(({ op }) => op)).not.toContain('composite');
    expect(evaluateProgram(expanded, [Float32Array.of(0.5)])).toEqual(evaluateProgram(loop, [Float32Array.of(0.5)]));
  });

  it('uses the decomposition that came along for a name that nobody registered', () => {
    const decomposition = buildProgram([f23], (e, x) => [emit.negate(e, x)]);
    const foreign = buildProgram([f23], (e, x) =>
      e.emit('composite', [x], { name: 'elsewhere.flip@2', attributes: {}, decomposition }),
    );
    expect(negotiate(foreign, withoutComposites).instructions.map(({ op }) => op)).toEqual(['negate']);
    const [instruction] = foreign.instructions;
    const bare = {
      ...foreign,
      instructions: [{ ...instruction!, attributes: { name: 'elsewhere.flip@2', attributes: {} } }],
    };
    expect(() => negotiate(bare as Program, withoutComposites)).toThrowError(
      expect.objectContaining({ code: 'UNKNOWN_NAME' }),
    );
  });

  it('refuses a decomposition that gives other types than it inferred', () => {
    const wrong = defineComposite({
      name: 'test.wrong@1',
      infer: (operands) => operands,
      decompose: (e, [x]) => [emit.reduceSum(e, x!, [0])],
    });
    const broken = buildProgram([f23], (e, x) => emit.composite(e, wrong, [x]));
    expect(() => expandComposites(broken, () => false)).toThrow(
      /test.wrong@1: .*expected float32\[2,3\], received float32\[3\]/,
    );
  });

  it('removes what the expansion leaves unused', () => {
    const two = defineComposite({
      name: 'test.two@1',
      infer: ([x]) => [x!, x!],
      decompose: (e, [x]) => [emit.negate(e, x!), emit.exponential(e, x!)],
    });
    const half = buildProgram([f23], (e, x) => [emit.composite(e, two, [x])[0]!]);
    expect(negotiate(half, withoutComposites).instructions.map(({ op }) => op)).toEqual(['negate']);
  });
});

describe('what nobody can run', () => {
  const picky = capabilities(({ op }) => {
    if (op === 'composite') return decompose;
    return op === 'exponential' || op === 'divide' ? { kind: 'unsupported', reason: `no ${op} here` } : native;
  });

  beforeAll(() => {
    const factory = (name: string, priority: number, query?: BackendFactory['query']): BackendFactory => ({
      name,
      version: '1.0.0',
      contract: '0.1.0',
      priority,
      query,
      create: () => Promise.reject(new Error('never made')),
    });
    registerBackend(factory('able', 5, () => native));
    registerBackend(factory('silent', 7));
    registerBackend(factory('unable', 9, () => ({ kind: 'unsupported', reason: 'never' })));
  });

  it('is one error: each op with its types and reason once, and who could', () => {
    const act = (): unknown => negotiate(program, picky);
    expect(act).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED', subject: 'main', remedy: 'registered backends that can: able' }),
    );
    expect(act).toThrow(
      'backend toy cannot run exponential(float32[2,3]) → float32[2,3]: no exponential here; ' +
        'divide(float32[2,3], float32[2,3]) → float32[2,3]: no divide here — registered',
    );
  });

  it('covers dtypes without storage, newer opsets and ops in regions', () => {
    const noFloat = { ...allDTypes, float32: { storage: false, arithmetic: false, accelerated: false } };
    expect(() =>
      negotiate(
        program,
        capabilities(() => native, { dtypes: noFloat }),
      ),
    ).toThrow(/no storage for float32/);
    expect(() =>
      negotiate(
        program,
        capabilities(() => native, { opset: 0 }),
      ),
    ).toThrow(/needs opset 1, the backend knows 0/);
    const sum = buildProgram([f23], (e, x) => [emit.reduceSum(e, x, [0])]);
    const noScalarAdd = capabilities(({ op, results }) =>
      op === 'add' && results[0]!.shape.length === 0 ? { kind: 'unsupported', reason: 'scalar' } : native,
    );
    expect(() => negotiate(sum, noScalarAdd)).toThrow(/add\(float32\[\], float32\[\]\)/);
  });

  it('explain says it line by line', () => {
    expect(explain(program, picky).split('\n')).toEqual([
      'main on toy',
      'ceratops.logistic@1(float32[2,3]) → float32[2,3]: decompose',
      'multiply(float32[2,3], float32[2,3]) → float32[2,3]: native',
      'ceratops.softmax@1(float32[2,3]) → float32[2,3]: decompose',
    ]);
    expect(explain(negotiate(program, withoutComposites), picky)).toContain(': unsupported: no divide here');
  });
});

describe('registries', () => {
  it('orders backends by priority and refuses other versions and contracts', () => {
    expect(backends().map(({ name }) => name)).toEqual(['unable', 'silent', 'able']);
    const again = backends()[0]!;
    registerBackend({ ...again });
    expect(backends()[0]).toBe(again);
    expect(() => registerBackend({ ...again, version: '1.0.1' })).toThrow(
      /backend unable: two versions of one backend, expected 1.0.0, received 1.0.1/,
    );
    expect(() => registerBackend({ ...again, name: 'new', contract: '0.2.0' })).toThrow(
      /backend new 1.0.0: built for another contract, expected contract 0.1.0, received contract 0.2.0/,
    );
  });

  it('asks the last registered kernel first', () => {
    const kernel = (name: string) => ({
      backend: 'toy',
      op: 'add' as const,
      supports: () => true,
      build: () => [{ name, workspaceBytes: 0, deterministic: true, epilogues: [], emit: undefined }],
    });
    const first = kernel('first');
    const second = kernel('second');
    registerKernel(first);
    registerKernel(second);
    registerKernel(first);
    expect(kernelsFor('toy', 'add')).toEqual([second, first]);
    expect(kernelsFor('toy', 'subtract')).toEqual([]);
    registerKernel({ ...kernel('attention'), op: 'composite', composite: 'ceratops.attention@1' });
    expect(kernelsFor('toy', 'composite', 'ceratops.attention@1')).toHaveLength(1);
    expect(kernelsFor('toy', 'composite', 'ceratops.softmax@1')).toEqual([]);
    expect(() => registerKernel({ ...first, composite: 'ceratops.softmax@1' })).toThrow(
      /exactly when op is 'composite'/,
    );
  });

  it('freezes published composites', () => {
    const definition = defineComposite({ ...silu, name: 'test.frozen@1' });
    registerComposite(definition);
    registerComposite(definition);
    expect(compositeOf('test.frozen@1')).toBe(definition);
    expect(() => registerComposite({ ...definition })).toThrow(/another composite has this name/);
    const copy = { ...softmax };
    registerComposite(copy);
    expect(compositeOf('ceratops.softmax@1')).toBe(softmax);
    expect(() => defineComposite({ ...silu, name: 'silu' })).toThrow(/expected namespace.name@version, received silu/);
  });

  it('suggests the composite that was meant', () => {
    registerComposite(softmax);
    const act = (): unknown =>
      buildProgram([f23], (e, x) => e.emit('composite', [x], { name: 'ceratops.sofmax@1', attributes: {} }));
    expect(act).toThrow(/did you mean 'ceratops.softmax@1'/);
  });
});
