import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Emitter, Value } from './builder.js';
import { opNames } from './op-table.js';
import type { OpAttributes } from './opset.js';
import type { BroughtOp } from './rules.js';
import { type TensorType, tensorType } from './tensor-type.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);

type Emit = typeof import('./emit/index.js');

interface Sample<O extends BroughtOp> {
  readonly inputs: readonly TensorType[];
  readonly attributes: OpAttributes[O];
  /** The op by its own function. */
  readonly call: (emit: Emit, e: Emitter, values: readonly Value[], attributes: OpAttributes[O]) => unknown;
}

const gatherRows = {
  offsetDims: [1],
  collapsedSliceDims: [0],
  operandBatchingDims: [],
  startIndicesBatchingDims: [],
  startIndexMap: [0],
  indexVectorDim: 1,
  sliceSizes: [1, 3],
  indicesAreSorted: false,
};

/** a, b → a, as a region on scalars. */
const first = (type: TensorType) => ({ name: 'first', inputs: [{ type }, { type }], instructions: [], outputs: [0] });
const same = { name: 'same', inputs: [{ type: f32(2) }], instructions: [], outputs: [0] };
const less = {
  name: 'less',
  inputs: [{ type: f32() }, { type: f32() }],
  instructions: [
    {
      op: 'compare' as const,
      operands: [0, 1],
      attributes: { direction: 'LT' as const },
      results: [tensorType('bool', [])],
    },
  ],
  outputs: [2],
};
const never = {
  name: 'never',
  inputs: [{ type: f32(2) }],
  instructions: [
    {
      op: 'constant' as const,
      operands: [],
      attributes: { value: { type: tensorType('bool', []), data: new Uint8Array(1) } },
      results: [tensorType('bool', [])],
    },
  ],
  outputs: [1],
};

const samples: { readonly [O in BroughtOp]: Sample<O> } = {
  gather: {
    inputs: [f32(4, 3), i32(2, 1)],
    attributes: gatherRows,
    call: (emit, e, [x, at], attributes) => emit.gather(e, x!, at!, attributes),
  },
  scatter: {
    inputs: [f32(4, 3), i32(2, 1), f32(2, 3)],
    attributes: {
      updateWindowDims: [1],
      insertedWindowDims: [0],
      inputBatchingDims: [],
      scatterIndicesBatchingDims: [],
      scatterDimsToOperandDims: [0],
      indexVectorDim: 1,
      indicesAreSorted: false,
      uniqueIndices: false,
      body: first(f32()),
    },
    call: (emit, e, [x, at, update], attributes) => emit.scatter(e, [x!], at!, [update!], attributes),
  },
  dynamic_slice: {
    inputs: [f32(4), i32()],
    attributes: { sliceSizes: [2] },
    call: (emit, e, [x, at], { sliceSizes }) => emit.dynamicSlice(e, x!, [at!], sliceSizes),
  },
  dynamic_update_slice: {
    inputs: [f32(4), f32(2), i32()],
    attributes: {},
    call: (emit, e, [x, update, at]) => emit.dynamicUpdateSlice(e, x!, update!, [at!]),
  },
  sort: {
    inputs: [f32(4)],
    attributes: { dimension: 0, isStable: true, comparator: less },
    call: (emit, e, values, { dimension }) => emit.sort(e, values, dimension),
  },
  while: {
    inputs: [f32(2)],
    attributes: { condition: never, body: same },
    call: (emit, e, values, { condition, body }) => emit.whileLoop(e, values, condition, body),
  },
  case: {
    inputs: [i32(), f32(2)],
    attributes: { branches: [same] },
    call: (emit, e, [index, x], { branches }) => emit.caseOf(e, index!, [x!], branches),
  },
  fft: {
    inputs: [tensorType('complex64', [4])],
    attributes: { fftType: 'FFT', fftLength: [4] },
    call: (emit, e, [x], { fftType, fftLength }) => emit.fft(e, x!, fftType, fftLength),
  },
  cholesky: {
    inputs: [f32(2, 2)],
    attributes: { lower: true },
    call: (emit, e, [x], { lower }) => emit.cholesky(e, x!, lower),
  },
  triangular_solve: {
    inputs: [f32(2, 2), f32(2, 1)],
    attributes: { leftSide: true, lower: true, unitDiagonal: false, transposeA: 'NO_TRANSPOSE' },
    call: (emit, e, [a, b], attributes) => emit.triangularSolve(e, a!, b!, attributes),
  },
  custom_call: {
    inputs: [f32(2)],
    attributes: { target: 'mine', config: {}, results: [f32(2)] },
    call: (emit, e, values, { target, results }) => emit.customCall(e, target, values, results),
  },
  optimization_barrier: {
    inputs: [f32(2)],
    attributes: {},
    call: (emit, e, values) => emit.optimizationBarrier(e, values),
  },
};
const broughtOps = Object.keys(samples) as BroughtOp[];

/** As in a process where nobody has emitted anything yet. */
beforeEach(() => {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
});

describe.each(broughtOps)('%s', (op) => {
  const { inputs, attributes, call } = samples[op] as Sample<BroughtOp>;

  it('comes with its rules when its function emits it', async () => {
    const { ProgramBuilder, vjpRuleOf } = await import('./tracing.js');
    const emit = await import('./emit/index.js');
    const builder = new ProgramBuilder();
    call(
      emit,
      builder,
      inputs.map((type) => builder.input(type)),
      attributes,
    );
    expect(builder.build([]).instructions.map((instruction) => instruction.op)).toEqual([op]);
    expect(vjpRuleOf(op).vjp).toBeTypeOf('function');
  });

  it('is a typed error that says what to do when it is named before that', async () => {
    const { ProgramBuilder, vjpRuleOf } = await import('./tracing.js');
    const builder = new ProgramBuilder();
    const values = inputs.map((type) => builder.input(type));
    const error = { code: 'UNKNOWN_NAME', subject: op, remedy: expect.stringContaining('emit') };
    expect(() => builder.emit(op, values, attributes as never)).toThrow(expect.objectContaining(error));
    expect(() => vjpRuleOf(op)).toThrow(expect.objectContaining(error));
  });

  it.each([
    ['infer', (main: typeof import('./index.js')) => main.infer(op, inputs, attributes as never)],
    [
      'ProgramBuilder',
      (main: typeof import('./index.js')) => {
        const builder = new main.ProgramBuilder();
        const values = inputs.map((type) => builder.input(type));
        main.validateProgram(builder.build(builder.emit(op, values, attributes as never)));
      },
    ],
    [
      'buildProgram',
      (main: typeof import('./index.js')) =>
        main.buildProgram(inputs, (e, ...values) => e.emit(op, values, attributes as never)),
    ],
  ] as const)('is known by name to the public %s', async (_, use) => {
    const main = await import('./index.js');
    expect(() => use(main)).not.toThrow();
  });
});

it('every op has its rules, in the base tables or brought', async () => {
  const { baseInfer } = await import('./infer/base.js');
  const { baseVjp } = await import('./vjp/base.js');
  const { inferRules, vjpRules } = await import('./any-op.js');
  expect(Object.keys(baseInfer).sort()).toEqual(Object.keys(baseVjp).sort());
  expect([...Object.keys(baseInfer), ...broughtOps].sort()).toEqual([...opNames].sort());
  expect(Object.keys(inferRules).sort()).toEqual([...opNames].sort());
  expect(Object.keys(vjpRules).sort()).toEqual([...opNames].sort());
});

it('a composite of somebody else may decompose into ops that it names', async () => {
  const { defineComposite, expandComposites } = await import('./index.js');
  const { buildProgram } = await import('./tracing.js');
  const emit = await import('./emit/composite.js');
  const rows = defineComposite({
    name: 'test.rows@1',
    infer: () => [f32(2, 3)],
    decompose: (emitter, operands) => emitter.emit('gather', operands, gatherRows),
  });
  const program = buildProgram([f32(4, 3), i32(2, 1)], (e, ...values) => emit.composite(e, rows, values));
  expect(expandComposites(program, () => false).instructions.map(({ op }) => op)).toEqual(['gather']);
});

/** A program that nobody here has emitted. */
const sorted = {
  name: 'sorted',
  inputs: [{ type: f32(4) }],
  instructions: [{ op: 'sort' as const, operands: [0], attributes: samples.sort.attributes, results: [f32(4)] }],
  outputs: [1],
};

it('a program from elsewhere is replayed although nobody here has emitted its ops', async () => {
  const { inline } = await import('./index.js');
  const { buildProgram } = await import('./tracing.js');
  expect(buildProgram([f32(4)], (e, x) => inline(e, sorted, [x]), 'sorted')).toEqual(sorted);
});

it('a program from elsewhere is expanded although nobody here has emitted its ops', async () => {
  const { expandComposites } = await import('./index.js');
  const program = {
    ...sorted,
    instructions: [
      {
        op: 'composite' as const,
        operands: [0],
        attributes: { name: 'elsewhere.sorted@1', attributes: {}, decomposition: sorted },
        results: [f32(4)],
      },
    ],
  };
  expect(expandComposites(program, () => false)).toEqual({ ...sorted, instructions: sorted.instructions });
});
