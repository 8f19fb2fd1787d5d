/** Reverse mode with the rules that the program's own ops brought, as a bundle has it. */

import type { Program } from '@ceratops/kernel-registry';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const f64 = (...shape: number[]) => ({ dtype: 'float64' as const, shape });

/** As in a process where nobody has emitted anything yet. */
async function fresh() {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
  const tracing = await import('@ceratops/kernel-registry/tracing');
  const emit = await import('@ceratops/kernel-registry/emit');
  const { record } = await import('./record.js');
  const { evaluateProgram } = await import('@ceratops/kernel-registry/evaluator');
  /** x → the gradient of a program with one scalar result. */
  const gradient = (program: Program): Program =>
    tracing.buildProgram(
      program.inputs.map(({ type }) => type),
      (e, ...values) => {
        const recording = record(e, program, values, { wrt: [0] });
        const [result] = recording.backward([emit.constantLike(e, recording.outputs[0]!, 1)]);
        return [result ?? tracing.zerosOf(e, values[0]!.type)];
      },
    );
  return { ...tracing, emit, record, evaluateProgram, gradient };
}

let core: Awaited<ReturnType<typeof fresh>>;
beforeEach(async () => {
  core = await fresh();
});

const pooling = {
  windowDimensions: [2],
  windowStrides: [2],
  padding: [[0, 0]] as const,
};

describe('max pooling', () => {
  it('has higher derivatives once somebody who differentiates gradients brought their rules', () => {
    const { buildProgram, emit, evaluateProgram, gradient, vjpRuleOf } = core;
    const squares = (program: Program): Program =>
      buildProgram([f64(6)], (e, x) => {
        const recording = core.record(e, program, [x!], { wrt: [0] });
        const [slope] = recording.backward([emit.constantLike(e, recording.outputs[0]!, 1)]);
        return [emit.reduceSum(e, emit.multiply(e, slope!, slope!), [0])];
      });
    const fourthPowers = buildProgram([f64(6)], (e, x) => {
      const pooled = emit.reduceWindowMax(e, x!, pooling);
      const square = emit.multiply(e, pooled, pooled);
      return [emit.reduceSum(e, emit.multiply(e, square, square), [0])];
    });
    // Σ m⁴ → Σ (4m³)² = Σ 16m⁶ → Σ (96m⁵)² = Σ 9216m¹⁰ → 92160m⁹, at the largest element m of each pair.
    const x = Float64Array.of(0.5, 1, -1, -2, 1.5, 1.25);
    expect(() => gradient(squares(fourthPowers))).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME', subject: 'select_and_scatter' }),
    );
    emit.bringFolds();
    const [result] = evaluateProgram(gradient(squares(squares(fourthPowers))), [x]);
    expect(Array.from(result as Float64Array)).toEqual([0, 92160, -92160, 0, 92160 * 1.5 ** 9, 0]);
    expect(() => vjpRuleOf('gather')).toThrow('not loaded');
  });
});

describe('folds with any body', () => {
  it('bring their rule: a product', () => {
    const { buildProgram, emit, evaluateProgram, gradient } = core;
    const product = buildProgram([f64(3)], (e, x) => [emit.reduceProd(e, x!, [0])]);
    expect(evaluateProgram(gradient(product), [Float64Array.of(2, 3, 5)])).toEqual([Float64Array.of(15, 10, 6)]);
  });

  const multiplied: Program = {
    name: 'multiplied',
    inputs: [{ type: f64(3) }],
    instructions: [
      {
        op: 'constant',
        operands: [],
        attributes: { value: { type: f64(), data: Float64Array.of(1) } },
        results: [f64()],
      },
      {
        op: 'reduce',
        operands: [0, 1],
        attributes: {
          dimensions: [0],
          body: {
            name: 'multiply',
            inputs: [{ type: f64() }, { type: f64() }],
            instructions: [{ op: 'multiply', operands: [0, 1], attributes: {}, results: [f64()] }],
            outputs: [2],
          },
        },
        results: [f64()],
      },
    ],
    outputs: [2],
  };

  it('are a typed error where a program from elsewhere has one and nobody brought the rule', () => {
    expect(() => core.gradient(multiplied)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME', subject: 'reduce', remedy: expect.stringContaining('emit') }),
    );
  });

  it('are known to the public functions, as every op is', async () => {
    const { gradientProgram } = await import('./index.js');
    const program = gradientProgram(multiplied, { wrt: [0] });
    const [, gradient] = core.evaluateProgram(program, [Float64Array.of(2, 3, 5), Float64Array.of(1)]);
    expect(gradient).toEqual(Float64Array.of(15, 10, 6));
  });
});

it('the gradient of a composite that gathers is found, although this package never named gather', async () => {
  const { emit, evaluateProgram, gradient, buildProgram } = core;
  const rows = {
    name: 'test.rows@1',
    infer: () => [f64(2)],
    decompose: (e: Parameters<typeof emit.gather>[0], [x, at]: readonly Parameters<typeof emit.gather>[1][]) => [
      emit.gather(e, x!, at!, {
        offsetDims: [],
        collapsedSliceDims: [0],
        operandBatchingDims: [],
        startIndicesBatchingDims: [],
        startIndexMap: [0],
        indexVectorDim: 1,
        sliceSizes: [1],
        indicesAreSorted: false,
      }),
    ],
  };
  const program = buildProgram([f64(3)], (e, x) => {
    const at = emit.constant(e, { type: { dtype: 'int32', shape: [2, 1] }, data: Int32Array.of(2, 2) });
    return [emit.reduceSum(e, emit.composite(e, rows, [x!, at])[0]!, [0])];
  });
  expect(evaluateProgram(gradient(program), [Float64Array.of(7, 8, 9)])).toEqual([Float64Array.of(0, 0, 2)]);
});

it('record knows every op by name', async () => {
  const { record } = await import('./index.js');
  const { ProgramBuilder } = await import('@ceratops/kernel-registry');
  const program: Program = {
    name: 'sorted',
    inputs: [{ type: f64(2) }],
    instructions: [{ op: 'optimization_barrier', operands: [0], attributes: {}, results: [f64(2)] }],
    outputs: [1],
  };
  const builder = new ProgramBuilder();
  const x = builder.input(f64(2));
  const recording = record(builder, program, [x], { wrt: [0] });
  expect(recording.backward([x])[0]?.type).toEqual(f64(2));
});
