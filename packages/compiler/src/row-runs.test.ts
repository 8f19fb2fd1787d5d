import {
  buildProgram,
  type Emitter,
  outputTypes,
  type Program,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { compileProgram } from './compile.js';
import { verifyStage } from './debug/stages.js';
import type { Plan, RowsStep } from './plan.js';
import { runPlan } from './run-plan.js';
import { expectCompiles, randomInputs, tinyTarget, wideTarget } from './test-support/check.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);

function over(e: Emitter, reduced: Value, like: Value): Value {
  const axes = like.type.shape.slice(0, -1).map((_, axis) => axis);
  return emit.broadcastInDim(e, reduced, like.type.shape, axes);
}

function sumOfRows(e: Emitter, x: Value): Value {
  return over(e, emit.reduceSum(e, x, [x.type.shape.length - 1]), x);
}

function softmax(e: Emitter, x: Value): Value {
  const largest = over(e, emit.reduceMax(e, x, [x.type.shape.length - 1]), x);
  const powers = emit.exponential(e, emit.subtract(e, x, largest));
  return emit.divide(e, powers, sumOfRows(e, powers));
}

/** The kernels of each rows step, and the bytes of its locals. */
function runsOf({ steps }: Plan): { kernels: number; locals: readonly number[] }[] {
  return steps
    .filter((step): step is RowsStep => step.kind === 'rows')
    .map(({ kernels, locals }) => ({ kernels: kernels.length, locals }));
}

/** Right, and the same bits as one kernel after the other. */
function check(program: Program): Plan {
  const inputs = randomInputs(program);
  const plan = expectCompiles(program, inputs);
  for (const target of [tinyTarget, wideTarget]) {
    const [joined, apart] = [true, false].map((rows) =>
      runPlan(compileProgram(program, { ...target, rows }, { inspect: verifyStage }), inputs, outputTypes(program)),
    );
    expect(joined).toEqual(apart);
  }
  return plan;
}

describe('rows are taken through', () => {
  it.each([
    ['a matrix', [64, 24]],
    ['a batch of heads', [2, 3, 8, 20]],
    ['dimensions of one', [1, 32, 1, 17]],
  ])('a softmax, with what is between in memory for a row: %s', (_, shape) => {
    const plan = check(buildProgram([f32(...shape)], (e, x) => [softmax(e, x!)]));
    const row = 4 * shape.at(-1)!;
    expect(runsOf(plan)).toEqual([{ kernels: 4, locals: [4, row] }]);
    expect(plan.arenaBytes).toBe(0);
  });

  it('a normalisation by mean and variance, with a factor for each column', () => {
    const program = buildProgram([f32(4, 16, 32), f32(32)], (e, x, gamma) => {
      const size = emit.fill(e, f32(4, 16, 32), 32);
      const centred = emit.subtract(e, x!, emit.divide(e, sumOfRows(e, x!), size));
      const variance = emit.divide(e, sumOfRows(e, emit.multiply(e, centred, centred)), size);
      const scaled = emit.divide(e, centred, emit.sqrt(e, emit.add(e, variance, emit.fill(e, f32(4, 16, 32), 1e-3))));
      return [emit.multiply(e, scaled, emit.broadcastInDim(e, gamma!, [4, 16, 32], [2]))];
    });
    expect(check(program).steps.map(({ kind }) => kind)).toEqual(['rows']);
  });

  it('what is before the first reduction, and sums of columns come after', () => {
    const program = buildProgram([f32(32, 24), f32(32, 24)], (e, x, g) => {
      const product = emit.tanh(e, emit.multiply(e, x!, g!));
      const columns = emit.reduceSum(e, product, [0]);
      return [emit.subtract(e, g!, emit.multiply(e, product, sumOfRows(e, product))), columns];
    });
    const plan = check(program);
    expect(runsOf(plan).map(({ kernels }) => kernels)).toEqual([3]);
    expect(plan.steps.at(-1)!.kind).toBe('kernel');
  });

  it('two softmaxes, one of the other', () => {
    const plan = check(buildProgram([f32(40, 16)], (e, x) => [softmax(e, emit.negate(e, softmax(e, x!)))]));
    expect(runsOf(plan)).toHaveLength(1);
  });
});

describe('a run ends', () => {
  it('where a row of it is read by others', () => {
    const square = buildProgram([f32(32, 32)], (e, x) => {
      const y = softmax(e, x!);
      return [emit.add(e, softmax(e, emit.transpose(e, y, [1, 0])), y)];
    });
    expect(runsOf(check(square))).toHaveLength(2);
    const mixed = buildProgram([f32(32, 32)], (e, x) => {
      const sums = emit.reduceSum(e, x!, [1]);
      return [emit.tanh(e, emit.multiply(e, x!, emit.broadcastInDim(e, sums, [32, 32], [1])))];
    });
    expect(runsOf(check(mixed))).toEqual([]);
  });

  it('where sums of columns are needed', () => {
    const program = buildProgram([f32(32, 24)], (e, x) => {
      const y = softmax(e, x!);
      return [softmax(e, emit.multiply(e, y, emit.broadcastInDim(e, emit.reduceSum(e, y, [0]), [32, 24], [1])))];
    });
    expect(runsOf(check(program))).toHaveLength(2);
  });

  it('before it begins where rows are few or short', () => {
    for (const shape of [
      [8, 64],
      [64, 8],
    ])
      expect(runsOf(check(buildProgram([f32(...shape)], (e, x) => [softmax(e, x!)])))).toEqual([]);
  });
});

describe('an input that may be overwritten', () => {
  const aliased = (program: Program): Program => ({
    ...program,
    inputs: program.inputs.map((input, i) => (i === 0 ? { ...input, aliases: 0 } : input)),
  });

  it('is, row by row', () => {
    const plan = check(aliased(buildProgram([f32(32, 24)], (e, x) => [softmax(e, x!)])));
    expect(plan.aliases).toEqual([{ input: 0, output: 0 }]);
    expect(runsOf(plan)).toHaveLength(1);
  });

  it('is not while other rows of it are still to be read', () => {
    const program = buildProgram([f32(32, 32)], (e, x) => {
      const turned = emit.transpose(e, x!, [1, 0]);
      return [emit.add(e, softmax(e, emit.add(e, x!, turned)), x!)];
    });
    const plan = check(aliased(program));
    expect(runsOf(plan)).toHaveLength(1);
    expect(plan.aliases).toEqual([]);
  });
});
