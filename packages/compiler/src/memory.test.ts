import {
  buildProgram,
  type Emitter,
  type Program,
  ProgramBuilder,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { compileProgram } from './compile.js';
import { peakMemory } from './debug/peak-memory.js';
import { verifyPlan } from './debug/verify.js';
import { expectCompiles, randomGenerator, randomInputs, tinyTarget, wideTarget } from './test-support/check.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);

function aliased(program: Program, aliases: readonly (number | undefined)[]): Program {
  return { ...program, inputs: program.inputs.map((input, i) => ({ ...input, aliases: aliases[i] })) };
}

/** A random graph of dots, whose results are all temporaries of different sizes. */
function randomDots(seed: number, count: number): Program {
  const random = randomGenerator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const builder = new ProgramBuilder();
  const sizes = [16, 32, 64, 128, 256];
  const pool = sizes.flatMap((rows) => sizes.map((columns) => builder.input(f32(rows, columns))));
  for (let i = 0; i < count; i++) {
    const left = pool[pool.length - 1 - below(12)]!;
    const fitting = pool.filter(({ type }) => type.shape[0] === left.type.shape[1]);
    const right = fitting[Math.max(0, fitting.length - 1 - below(4))]!;
    const numbers = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
    pool.push(emit.dotGeneral(builder, left, right, numbers));
  }
  return builder.build([pool.at(-1)!, pool.at(-2)!]);
}

function adam(): Program {
  return buildProgram([f32(30, 40), f32(30, 40), f32(30, 40), f32(30, 40), f32()], (e, w, m, v, g, rate) => {
    const c = (x: number) => emit.constantLike(e, w!, x);
    const nextM = emit.add(e, m!, emit.multiply(e, emit.subtract(e, g!, m!), c(0.1)));
    const nextV = emit.add(e, v!, emit.multiply(e, emit.subtract(e, emit.multiply(e, g!, g!), v!), c(0.001)));
    const step = emit.divide(e, nextM, emit.add(e, emit.sqrt(e, emit.abs(e, nextV)), c(1e-3)));
    const nextW = emit.subtract(e, w!, emit.multiply(e, step, emit.broadcastInDim(e, rate!, [30, 40], [])));
    return [nextW, nextM, nextV];
  });
}

describe('memory plan', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 12])('stays near the liveness bound (seed %i)', (seed) => {
    const plan = compileProgram(randomDots(seed, 120), wideTarget);
    verifyPlan(plan);
    const { bytes } = peakMemory(plan, wideTarget.alignment);
    expect(bytes).toBeGreaterThan(0);
    expect(plan.arenaBytes).toBeLessThanOrEqual(1.15 * bytes);
  });

  it('knows the step with the most memory, in nested plans too', () => {
    const square = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
    const power = (rounds: number) => (e: Emitter, x: Value) => {
      let value = x;
      for (let i = 0; i < rounds; i++) value = emit.dotGeneral(e, value, x, square);
      return value;
    };
    // x² is kept until x³ is there, and so on: two of 8 × 8 floats, at the second step first.
    const chain = buildProgram([f32(8, 8)], (e, x) => [power(4)(e, x!)]);
    expect(peakMemory(compileProgram(chain, wideTarget), 64)).toEqual({ bytes: 2 * 256, step: 1 });
    const branches = [1, 4].map((rounds) => buildProgram([f32(8, 8)], (e, x) => [power(rounds)(e, x!)]));
    const branch = buildProgram([tensorType('int32', []), f32(8, 8)], (e, index, x) =>
      emit.caseOf(e, index!, [x!], branches),
    );
    expect(peakMemory(compileProgram(branch, wideTarget), 64).bytes).toBe(2 * 256);
  });

  it('updates three weights in one kernel, each in its own place', () => {
    const program = aliased(adam(), [0, 1, 2]);
    const plan = expectCompiles(program, randomInputs(program));
    expect(plan.aliases).toEqual([
      { input: 0, output: 0 },
      { input: 1, output: 1 },
      { input: 2, output: 2 },
    ]);
    expect(plan.steps).toHaveLength(1);
    expect(plan.arenaBytes).toBe(0);
  });

  it('gives an output to its input rather than to a temporary', () => {
    const program = aliased(
      buildProgram([f32(6, 6), f32(6, 6)], (e, x, m) => {
        const numbers = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
        return [emit.add(e, emit.dotGeneral(e, x!, x!, numbers), m!)];
      }),
      [undefined, 0],
    );
    expect(expectCompiles(program, randomInputs(program)).aliases).toEqual([{ input: 1, output: 0 }]);
  });

  it('takes no alias that a later reader of the input forbids', () => {
    const program = aliased(
      buildProgram([f32(6, 6)], (e, x) => {
        const next = emit.tanh(e, x!);
        const sum = emit.reduceSum(e, next, [0, 1]);
        return [next, emit.multiply(e, x!, emit.broadcastInDim(e, sum, [6, 6], []))];
      }),
      [0],
    );
    expect(expectCompiles(program, randomInputs(program)).aliases).toEqual([]);
  });

  it('runs other readers of an input before the step that overwrites it', () => {
    const program = aliased(
      buildProgram([f32(6, 6), f32(6, 6)], (e, x, y) => {
        const next = emit.add(e, x!, y!);
        const numbers = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
        return [next, emit.dotGeneral(e, y!, x!, numbers)];
      }),
      [0],
    );
    expect(expectCompiles(program, randomInputs(program)).aliases).toEqual([{ input: 0, output: 0 }]);
  });

  it('does not overwrite an input that the same kernel reads elsewhere', () => {
    const program = aliased(
      buildProgram([f32(6, 6)], (e, x) => [emit.add(e, x!, emit.transpose(e, x!, [1, 0]))]),
      [0],
    );
    expect(expectCompiles(program, randomInputs(program)).aliases).toEqual([]);
  });

  it('does not widen elements in place, where a part is read of what has as many bytes', () => {
    const program = buildProgram([tensorType('uint16', [4, 5])], (e, x) => {
      const twice = emit.reshape(e, emit.concatenate(e, [x!, x!], 1), [40]);
      return [emit.convert(e, emit.slice(e, twice, [0], [20]), 'uint32')];
    });
    expectCompiles(program, randomInputs(program));
  });

  it('updates a slice in place', () => {
    const program = aliased(
      buildProgram([f32(50, 8), f32(1, 8), tensorType('int32', [])], (e, x, u, i) => [
        emit.dynamicUpdateSlice(e, x!, u!, [i!, emit.fill(e, tensorType('int32', []), 0)]),
      ]),
      [0],
    );
    const plan = expectCompiles(program, randomInputs(program), [tinyTarget]);
    expect(plan.aliases).toEqual([{ input: 0, output: 0 }]);
  });

  it('shares one buffer along a chain', () => {
    const program = buildProgram([f32(64, 64)], (e, x) => {
      let value = emit.transpose(e, x!, [1, 0]);
      for (let i = 0; i < 6; i++) {
        const sum = emit.reduceSum(e, value, [0]);
        value = emit.add(e, value, emit.broadcastInDim(e, sum, [64, 64], [1]));
      }
      return [emit.reduceSum(e, value, [0])];
    });
    const plan = expectCompiles(program, randomInputs(program), [wideTarget]);
    const large = plan.buffers.filter(({ place, bytes }) => place.kind === 'temporary' && bytes === 64 * 64 * 4);
    expect(large).toHaveLength(1);
  });
});
