import {
  type Emitter,
  isCeratopsError,
  type Program,
  ProgramBuilder,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { compileProgram } from './compile.js';
import { inspector, printPlan } from './debug/index.js';
import { expectCompiles, randomInputs, wideTarget } from './test-support/check.js';

function chain(length: number, grow: (e: Emitter, value: Value, x: Value, i: number) => Value): Program {
  const builder = new ProgramBuilder();
  const x = builder.input(tensorType('float32', [4, 4]));
  let value = x;
  for (let i = 0; i < length; i++) value = grow(builder, value, x, i);
  return builder.build([value], 'chain');
}

const long = 20_000;

const chains = {
  'elementwise ops': (e: Emitter, value: Value, x: Value) => emit.tanh(e, emit.add(e, value, x)),
  views: (e: Emitter, value: Value, _x: Value, i: number) =>
    i % 2 === 0 ? emit.reverse(e, value, [0]) : emit.transpose(e, value, [1, 0]),
  'views and ops': (e: Emitter, value: Value, x: Value) =>
    emit.sine(e, emit.add(e, emit.transpose(e, value, [1, 0]), x)),
  reductions: (e: Emitter, value: Value) =>
    emit.add(e, value, emit.broadcastInDim(e, emit.reduceMax(e, value, [0]), [4, 4], [1])),
};

describe('compileProgram', () => {
  it.each(Object.entries(chains))('takes a chain of 20,000 %s', (_, grow) => {
    const program = chain(long, grow);
    const plan = compileProgram(program, wideTarget);
    expect(plan.arenaBytes).toBeLessThanOrEqual(8 * 4 * 16 * 4);
  });

  it.each(Object.entries(chains))('agrees with the evaluator on a chain of 900 %s', (_, grow) => {
    const program = chain(900, grow);
    expectCompiles(program, randomInputs(program), [wideTarget]);
  });

  it('makes one kernel of a chain of elementwise ops', () => {
    expect(compileProgram(chain(250, chains['elementwise ops']), wideTarget).steps).toHaveLength(1);
  });

  it('prints the same plan every time', () => {
    const text = (): string => printPlan(compileProgram(chain(30, chains['views and ops']), wideTarget));
    expect(text()).toBe(text());
  });

  it('shows its stages in order', () => {
    const stages: string[] = [];
    const inspect = inspector((program, stage, text) => stages.push(`${program} ${stage} ${text.length > 0}`));
    compileProgram(chain(3, chains.reductions), wideTarget, { inspect });
    expect(stages).toEqual(['chain program true', 'chain clean true', 'chain fusion true', 'chain plan true']);
  });

  it('prints a kernel as it is', () => {
    const builder = new ProgramBuilder();
    const x = builder.input(tensorType('float32', [2, 3]));
    const b = builder.input(tensorType('float32', [3]));
    const sum = emit.add(builder, x, emit.broadcastInDim(builder, b, [2, 3], [1]));
    expect(printPlan(compileProgram(builder.build([sum], 'bias'), wideTarget))).toMatchInlineSnapshot(`
      "plan bias: arena 0 bytes
        inputs (%0, %1), outputs (%2)
        %0 = input 0: float32[6], 24 bytes
        %1 = input 1: float32[3], 12 bytes
        %2 = output 0: float32[6], 24 bytes
        run (%0, %1, %2)
          kernel add(b0: read float32[6], b1: read float32[3], b2: write float32[6]) items 1 cost 12 {
            for i0 in 0 … 2 {
              t2: index = (i0 * 3)
              vector for i1 in 0 … 3 {
                t3: float32 = b0[(t2 + i1)]
                t4: float32 = b1[i1]
                t5: float32 = (t3 + t4)
                b2[(t2 + i1)] = t5
              }
            }
          }"
    `);
  });

  it('names what it cannot compile', () => {
    const builder = new ProgramBuilder();
    const a = builder.input(tensorType('float32', [2, 2]));
    const program = builder.build([emit.cholesky(builder, a, true)]);
    try {
      compileProgram(program, wideTarget);
      expect.unreachable();
    } catch (error) {
      expect(isCeratopsError(error, 'UNSUPPORTED')).toBe(true);
      expect(error).toMatchObject({ subject: 'cholesky' });
    }
  });

  it('refuses complex elementwise work', () => {
    const builder = new ProgramBuilder();
    const a = builder.input(tensorType('complex64', [2]));
    const program = builder.build([emit.add(builder, a, a)]);
    expect(() => compileProgram(program, wideTarget)).toThrow(/complex64/);
  });

  it.each([
    ['int8', 2 ** 31 - 1, true],
    ['int8', 2 ** 31, false],
    // Ends where memory does.
    ['float32', 2 ** 31, true],
  ] as const)('takes arrays of %s with %i elements: %s', (dtype, elements, fits) => {
    const builder = new ProgramBuilder();
    const x = builder.input(tensorType(dtype, [elements]));
    const program = builder.build([emit.add(builder, x, x)]);
    const compile = () => compileProgram(program, wideTarget);
    if (fits) expect(compile).not.toThrow();
    else expect(compile).toThrow(/at most 2147483647 elements, received 2147483648 of int8/);
  });
});
