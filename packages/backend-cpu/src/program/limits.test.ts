/** Programs beyond what an engine takes in one function, and beyond what memory holds. */

import { compileProgram, type Plan } from '@ceratops/compiler';
import { buildProgram, type Executable, type Program, ProgramBuilder, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { afterEach, describe, expect, it } from 'vitest';
import { CpuBackend } from '../backend.js';
import { lateParts } from '../late.js';
import { WebAssembly } from '../platform/globals.js';
import { expectProgram, randomInputs, runOn } from '../test-support/check.js';
import { linkProgram } from './link.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);
const i32 = tensorType('int32', []);
const square = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
const open: CpuBackend[] = [];

function backend(options: ConstructorParameters<typeof CpuBackend>[0] = {}): CpuBackend {
  const made = new CpuBackend({ threads: 1, relaxedSimd: false, ...options }, { step: 1, chunk: 1, wake: 1 });
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** Steps before, in and after a loop with a branch in it. */
const nested = buildProgram([i32, f32(16, 16)], (e, zero, x) => {
  const steps = (b: ProgramBuilder, value: typeof x & object, count: number) => {
    let result = value;
    for (let i = 0; i < count; i++) {
      const sums = emit.reduceSum(b, result, [i % 2]);
      result = emit.tanh(b, emit.add(b, result, emit.broadcastInDim(b, sums, [16, 16], [1])));
    }
    return result;
  };
  const types = [i32, f32(16, 16)];
  const condition = buildProgram(types, (b, i) => [emit.compare(b, i!, emit.fill(b, i32, 3), 'LT')]);
  const branches = [5, 9].map((count) =>
    buildProgram([f32(16, 16)], (b, v) => [steps(b as ProgramBuilder, v!, count)]),
  );
  const body = buildProgram(types, (b, i, v) => [
    emit.add(b, i!, emit.fill(b, i32, 1)),
    emit.caseOf(b, emit.remainder(b, i!, emit.fill(b, i32, 2)), [steps(b as ProgramBuilder, v!, 6)], branches)[0]!,
  ]);
  const looped = emit.whileLoop(e, [zero!, steps(e as ProgramBuilder, x!, 6)], condition, body)[1]!;
  return [steps(e as ProgramBuilder, looped, 6)];
});

describe('a program over the limit of a function', () => {
  it.each([1, 2])('goes on in others, nested steps too (%i threads)', (threads) => {
    const inputs = [Int32Array.of(0), randomInputs(nested)[1]!];
    const whole = runOn(backend({ threads }), nested, inputs);
    const [expected] = evaluateProgram(nested, inputs) as Float32Array[];
    for (const [i, x] of (whole[0] as Float32Array).entries()) expect(x).toBeCloseTo(expected![i]!, 4);
    for (const pieceBytes of [0, 100, 700]) {
      const on = backend({ threads });
      on.engine.pieceBytes = pieceBytes;
      expect(runOn(on, nested, inputs)).toEqual(whole);
    }
  });

  it('tells jobs of threads apart in several functions', () => {
    const program = buildProgram([f32(8, 8)], (e, x) => {
      let value = x!;
      for (let i = 0; i < 600; i++) value = emit.dotGeneral(e, value, x!, square);
      return [value];
    });
    const third = new Float32Array(64);
    for (let i = 0; i < 8; i++) third[i * 8 + ((i + 1) % 8)] = 1;
    // A cyclic shift by one, 601 times: by one again, for 601 = 75 · 8 + 1.
    expect(runOn(backend({ threads: 2 }), program, [third])[0]).toEqual(third);
  });

  it('is loaded where one function would be refused', () => {
    const on = backend();
    const program = buildProgram([f32(8)], (e, x) => [emit.negate(e, x!)]);
    const late = lateParts.compiler;
    const plan = compileProgram(program, { name: 'cpu', library: () => false, late, alignment: 64, itemCost: 1 });
    const long: Plan = { ...plan, steps: new Array(400_000).fill(plan.steps[0]) };
    const moduleOf = (pieceBytes: number) => {
      on.engine.pieceBytes = pieceBytes;
      return linkProgram(long, { engine: on.engine, trace: undefined }).code;
    };
    const { pieceBytes } = on.engine;
    expect(() => new WebAssembly.Module(moduleOf(Number.POSITIVE_INFINITY))).toThrow(/function size/);
    expect(() => new WebAssembly.Module(moduleOf(pieceBytes))).not.toThrow();
  });
});

describe('a kernel of more buffers than a function has parameters', () => {
  const vectors = (builder: ProgramBuilder, count: number) =>
    Array.from({ length: count }, () => builder.input(tensorType('int32', [6])));

  it('is several: a chain with a result for each operand', () => {
    const builder = new ProgramBuilder();
    const [first, ...rest] = vectors(builder, 600);
    const sums = [first!];
    for (const x of rest) sums.push(emit.add(builder, sums.at(-1)!, x));
    const program = builder.build(sums.slice(1));
    expectProgram(program, randomInputs(program));
  });

  it('is several: reductions that share an operand', () => {
    const builder = new ProgramBuilder();
    const [first, ...rest] = vectors(builder, 1100);
    const program = builder.build(rest.map((x) => emit.reduceSum(builder, emit.multiply(builder, first!, x), [0])));
    expectProgram(program, randomInputs(program));
  });
});

describe('memory beyond 4 GiB', () => {
  const tooLarge = async (program: Program, asked: string) => {
    const on = backend();
    const data = new Float32Array(program.inputs[0]!.type.shape.reduce((a, b) => a * b, 1));
    on.write(1, program.inputs[0]!.type, data);
    const executable: Executable = on.compile(program);
    const { liveBytes } = on.memory();
    executable.execute({ inputs: [1], outputs: [2] });
    await expect(on.read(2)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      problem: expect.stringContaining(asked),
      expected: `at most ${2 ** 32} bytes in use (memoryLimitBytes)`,
    });
    expect(await on.read(1)).toEqual(data);
    on.free([2]);
    expect(on.memory().liveBytes).toBe(liveBytes);
  };

  it('is an error that names the budget and what was asked: an output', async () => {
    // 2^44 bytes, more than 32 bits of any unit count.
    const program = buildProgram([f32(4)], (e, x) => [emit.broadcastInDim(e, x!, [2 ** 20, 2 ** 20, 4], [2])]);
    await tooLarge(program, `an output of ${2 ** 44} bytes`);
  });

  it('is an error that names the budget and what was asked: temporaries', async () => {
    const program = buildProgram([f32(40_000, 8)], (e, x) => {
      const all = emit.dotGeneral(e, x!, x!, { lhsContractingDimensions: [1], rhsContractingDimensions: [1] });
      return [emit.dotGeneral(e, all, x!, square)];
    });
    await tooLarge(program, 'temporaries of 64');
  });
});
