import { buildProgram, type Emitter, type Program, tensorType, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { compileProgram } from './compile.js';
import { verifyStage } from './debug/stages.js';
import { lateParts } from './late.js';
import type { LibraryStep, Plan } from './plan.js';
import { runPlan } from './run-plan.js';
import type { Target } from './target.js';
import { expectClose, expectRecalls, randomInputs } from './test-support/check.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);

const target: Target = {
  name: 'with a dot',
  library: ({ op }) => op === 'dot_general',
  epilogue: () => true,
  late: lateParts,
  alignment: 16,
  itemCost: 200,
};

/** The library op as the evaluator does it. */
function library({ instruction, operandTypes }: LibraryStep, operands: Parameters<typeof evaluateProgram>[1]) {
  const types = [...operandTypes];
  const program: Program = {
    name: instruction.op,
    inputs: types.map((type) => ({ type })),
    instructions: [{ ...instruction, operands: types.map((_, i) => i) }] as Program['instructions'],
    outputs: [types.length],
  };
  return evaluateProgram(program, operands);
}

function dense(e: Emitter, x: Value, w: Value, b: Value): Value {
  const product = emit.dotGeneral(e, x, w, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
  return emit.add(e, product, emit.broadcastInDim(e, b, product.type.shape, [1]));
}

function check(program: Program): Plan {
  const plan = compileProgram(program, target, { inspect: verifyStage });
  expectRecalls(program, target, plan);
  const inputs = randomInputs(program);
  const expected = evaluateProgram(program, inputs);
  const types = [program.outputs.length].flatMap(() => expected.map((_, i) => outputType(program, i)));
  runPlan(plan, inputs, types, { library }).forEach((array, i) => {
    expectClose(array, expected[i]!, types[i]!, program.name);
  });
  return plan;
}

function outputType(program: Program, i: number) {
  const all = [...program.inputs.map(({ type }) => type), ...program.instructions.flatMap(({ results }) => results)];
  return all[program.outputs[i]!]!;
}

describe('epilogues', () => {
  it('bias and relu run with the dot, in its result', () => {
    const program = buildProgram([f32(20, 6), f32(6, 8), f32(8)], (e, x, w, b) => {
      const sum = dense(e, x!, w!, b!);
      return [emit.maximum(e, sum, emit.constantLike(e, sum, 0))];
    });
    const plan = check(program);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['library']);
    const [step] = plan.steps as [LibraryStep];
    // Whole rows of 8.
    expect(step.epilogue!.rowElements % 8).toBe(0);
    expect(step.results[0]).toBe(plan.outputs[0]);
    expect(plan.arenaBytes).toBe(0);
  });

  it('keeps the result apart when someone else needs it', () => {
    const program = buildProgram([f32(20, 6), f32(6, 8), f32(8)], (e, x, w, b) => {
      const product = emit.dotGeneral(e, x!, w!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
      const sum = emit.add(e, product, emit.broadcastInDim(e, b!, [20, 8], [1]));
      return [product, emit.tanh(e, sum)];
    });
    const [step] = check(program).steps as [LibraryStep];
    expect(step.epilogue).toBeDefined();
  });

  it('never writes over an operand of the dot', () => {
    const program = buildProgram([f32(8, 8), f32(8, 8)], (e, x, w) => {
      const a = emit.tanh(e, x!);
      return [
        emit.add(e, emit.dotGeneral(e, a, w!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] }), a),
      ];
    });
    const plan = check(program);
    const step = plan.steps.at(-1) as LibraryStep;
    expect(step.operands).not.toContain(step.epilogue!.buffers.at(-1));
  });

  it('a reduction or a transposed reader is a step of its own', () => {
    const program = buildProgram([f32(20, 6), f32(6, 8), f32(8)], (e, x, w, b) => [
      emit.transpose(e, dense(e, x!, w!, b!), [1, 0]),
    ]);
    expect(check(program).steps.map(({ kind }) => kind)).toEqual(['library', 'kernel']);
  });
});
