import { buildProgram, defineComposite, type Program, tensorType, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { gradientCases } from './test-support/cases.js';
import { cotangentsFor } from './test-support/finite-differences.js';
import { gradientProgram, splitVjp } from './transform.js';

const vector = tensorType('float64', [3]);
const data = (...values: number[]): Float64Array => Float64Array.from(values);
const opsOf = (program: Program): string[] => program.instructions.map(({ op }) => op);

/** x ↦ tanh(x · y) + exp(z) */
const mixed = buildProgram([vector, vector, vector], (e, x, y, z) => [
  emit.add(e, emit.tanh(e, emit.multiply(e, x!, y!)), emit.exponential(e, z!)),
]);

describe('splitVjp', () => {
  const programs = gradientCases.filter(({ program }) =>
    program.inputs.every(({ type }) => type.dtype === 'float64' && program.outputs.length === 1),
  );

  it.each(programs)('$name: forward then backward is the combined program', ({ program, inputs }) => {
    const wrt = program.inputs.map((_, index) => index);
    const values = inputs.map((input) => input.data);
    const cotangents = cotangentsFor(program, [0], 3);
    const expected = evaluateProgram(gradientProgram(program, { wrt }), [...values, ...cotangents]);

    const { forward, backward, residuals } = splitVjp(program, { wrt });
    const outputs = evaluateProgram(forward, values);
    const kept = residuals.map(({ from, index }) => (from === 'input' ? values : outputs)[index]!);
    const gradients = evaluateProgram(backward, [...kept, ...cotangents]);
    expect([outputs[0], ...gradients]).toEqual(expected);
  });

  it('hands inputs and outputs over by reference and keeps only what the way back reads', () => {
    const { forward, backward, residuals } = splitVjp(mixed, { wrt: [0] });
    expect(opsOf(forward)).toEqual(['multiply', 'tanh', 'exponential', 'add']);
    // tanh needs its result, multiply needs y; x, z and the rest stay behind.
    expect(residuals).toEqual([
      { from: 'input', index: 1 },
      { from: 'output', index: 1 },
    ]);
    expect(forward.outputs).toHaveLength(2);
    expect(backward.inputs).toHaveLength(3);
  });
});

describe('gradientProgram', () => {
  it('differentiates only between the chosen inputs and outputs', () => {
    const two = buildProgram([vector, vector], (e, x, y) => [emit.exponential(e, x!), emit.sine(e, y!)]);
    const program = gradientProgram(two, { wrt: [0], of: [0] });
    expect(opsOf(program)).toEqual(['exponential', 'sine', 'multiply']);
  });

  it('materialises no zero inside, only a gradient that is zero throughout', () => {
    const program = gradientProgram(mixed, { wrt: [2] });
    expect(opsOf(program)).not.toContain('constant');
    const unrelated = buildProgram([vector, vector], (e, x) => [emit.sine(e, x!)]);
    const [, gradient] = evaluateProgram(gradientProgram(unrelated, { wrt: [1] }), [
      data(1, 2, 3),
      data(4, 5, 6),
      data(1, 1, 1),
    ]);
    expect(gradient).toEqual(data(0, 0, 0));
  });

  it('tells two inputs apart', () => {
    const program = gradientProgram(
      buildProgram([vector, vector], (e, x, y) => [emit.subtract(e, x!, y!)]),
      { wrt: [1, 0] },
    );
    const [, second, first] = evaluateProgram(program, [data(1, 1, 1), data(1, 1, 1), data(1, 2, 3)]);
    expect(second).toEqual(data(-1, -2, -3));
    expect(first).toEqual(data(1, 2, 3));
  });
});

describe('a result wider than its operands', () => {
  const half = tensorType('float32', [2, 2]);
  const cotangent = data(1, 2, 3, 4);
  const left = Float32Array.of(1, 2, 3, 4);
  const right = Float32Array.of(5, 6, 7, 8);
  const dot = buildProgram([half, half], (e, x, y) => [
    emit.dotGeneral(e, x!, y!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0], dtype: 'float64' }),
  ]);

  it('gives gradients of the operands’ dtype, computed in the wider one', () => {
    const program = gradientProgram(dot, { wrt: [0, 1] });
    const [, lhs, rhs] = evaluateProgram(program, [left, right, cotangent]);
    // [[1, 2], [3, 4]] · [[5, 6], [7, 8]]ᵀ and [[1, 2], [3, 4]]ᵀ · [[1, 2], [3, 4]]
    expect(lhs).toEqual(Float32Array.of(17, 23, 39, 53));
    expect(rhs).toEqual(Float32Array.of(10, 14, 14, 20));
  });
});

describe('composites', () => {
  /** x² with a gradient that is wrong on purpose, so that it shows whose rule was taken. */
  const square = defineComposite({
    name: 'test.square@1',
    infer: (operands) => operands,
    decompose: (e, [x]) => [emit.multiply(e, x!, x!)],
    vjp: {
      forward: (e, [x]) => ({ results: [emit.multiply(e, x!, x!)], residuals: [x!] }),
      backward: (e, [x], [cotangent]) => [emit.multiply(e, cotangent!, emit.negate(e, x!))],
    },
  });
  const program = buildProgram([vector], (e, x) => emit.composite(e, square, [x!]));
  const arrays = [data(1, 2, 3), data(1, 1, 1)];

  it('use their own rule', () => {
    expect(evaluateProgram(gradientProgram(program, { wrt: [0] }), arrays)[1]).toEqual(data(-1, -2, -3));
  });

  it("stay whole where nothing is differentiated, and the caller's rule comes first", () => {
    const constant = (e: Parameters<typeof emit.fill>[0], x: Value): Value => emit.constantLike(e, x, 7);
    const compositeVjp = (attributes: { name: string }) =>
      attributes.name === 'test.square@1'
        ? {
            forward: (e: Parameters<typeof emit.fill>[0], [x]: readonly Value[]) => ({
              results: [emit.multiply(e, x!, x!)],
              residuals: [],
            }),
            backward: (e: Parameters<typeof emit.fill>[0], _none: readonly Value[], [ct]: readonly Value[]) => [
              constant(e, ct!),
            ],
          }
        : undefined;
    expect(evaluateProgram(gradientProgram(program, { wrt: [0], compositeVjp }), arrays)[1]).toEqual(data(7, 7, 7));
    expect(opsOf(gradientProgram(program, { wrt: [] }))).toEqual(['composite']);
  });
});

describe('typed errors', () => {
  const carry = [vector];
  const condition = buildProgram(carry, (e, x) => {
    const sum = emit.reduceSum(e, x!, [0]);
    return [emit.compare(e, sum, emit.constantLike(e, sum, 9), 'LT')];
  });
  const body = buildProgram(carry, (e, x) => [emit.add(e, x!, x!)]);
  const loop = buildProgram(carry, (e, x) => emit.whileLoop(e, [x!], condition, body));
  const call = buildProgram(carry, (e, x) => emit.customCall(e, 'mystery', [x!], [vector]));
  const integer = buildProgram([tensorType('int32', [])], (e, x) => [emit.negate(e, x!)]);

  it.each([
    ['while', loop, 'UNSUPPORTED', 'while'],
    ['custom_call', call, 'UNSUPPORTED', 'custom_call'],
    ['an integer input', integer, 'INVALID_ARGUMENT', 'int32'],
  ] as const)('%s', (_name, program, code, mentions) => {
    const attempt = (): Program => gradientProgram(program, { wrt: [0] });
    expect(attempt).toThrowError(expect.objectContaining({ code }));
    expect(attempt).toThrowError(mentions);
  });
});
