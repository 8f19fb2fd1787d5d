import { buildProgram, type Emitter, type Program, tensorType, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../compile.js';
import { printPlan } from '../debug/print.js';
import type { LoopKernel } from '../loop-ir.js';
import type { Target } from '../target.js';

import { randomGenerator, tinyTarget, wideTarget } from '../test-support/check.js';
import { LoweredGroups } from './recall.js';

const square = tensorType('float32', [16, 16]);

function columnsOf(e: Emitter, x: Value): Value {
  return emit.broadcastInDim(e, emit.reduceMax(e, x, [0]), [16, 16], [1]);
}

const moves: readonly ((e: Emitter, x: Value, y: Value) => Value)[] = [
  (e, x, y) => emit.add(e, x, y),
  (e, x) => emit.add(e, x, x),
  (e, x) => emit.transpose(e, x, [1, 0]),
  (e, x) => emit.tanh(e, x),
  (e, x) => emit.maximum(e, x, columnsOf(e, x)),
  (e, x) => emit.subtract(e, x, emit.broadcastInDim(e, emit.reduceSum(e, x, [1]), [16, 16], [0])),
  (e, x) => emit.multiply(e, x, emit.fill(e, square, 0.5)),
];

/** Ops, reductions, broadcasts and transposes in a row; some of what is between is read later, or an output too. */
function randomProgram(random: () => number): Program {
  return buildProgram([square, square], (e, x, y) => {
    const outputs: Value[] = [];
    const kept: Value[] = [y!];
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let value = x!;
    for (let i = 0; i < 60; i++) {
      value = pick(moves)(e, value, pick(kept));
      if (random() < 0.05) outputs.push(value);
      if (random() < 0.3) kept.push(emit.transpose(e, value, [1, 0]));
    }
    return [...outputs, value];
  });
}

function kernelsOf(program: Program, lowered: LoweredGroups): LoopKernel[] {
  return compileProgram(program, { ...wideTarget, rows: false, lowered }).steps.flatMap((step) =>
    step.kind === 'kernel' ? [step.kernel] : [],
  );
}

describe('kernels of earlier programs', () => {
  it.each([
    ['tiny', tinyTarget],
    ['wide', wideTarget],
  ])('make the plan that would be made anew: %s items', (_, target) => {
    const random = randomGenerator(7);
    const lowered = new LoweredGroups();
    const fresh = new Set<LoopKernel>();
    let kernels = 0;
    for (let round = 0; round < 40; round++) {
      const program = randomProgram(random);
      const plan = compileProgram(program, { ...target, lowered });
      expect(printPlan(plan)).toBe(printPlan(compileProgram(program, target)));
      for (const step of plan.steps) {
        const own = step.kind === 'kernel' ? [step] : step.kind === 'rows' ? step.kernels : [];
        for (const { kernel } of own) fresh.add(kernel);
        kernels += own.length;
      }
    }
    expect(fresh.size).toBeLessThan(kernels / 2);
  });

  it('are the same objects', () => {
    const lowered = new LoweredGroups();
    const [first] = kernelsOf(
      buildProgram([square, square], (e, x, y) => [emit.tanh(e, emit.add(e, x!, y!))]),
      lowered,
    );
    const after = buildProgram([square, square], (e, x, y) => {
      const value = emit.tanh(e, emit.add(e, y!, x!));
      return [emit.reduceMax(e, value, [0]), value];
    });
    expect(kernelsOf(after, lowered)[0]).toBe(first);
  });

  it('are not taken where two operands are one, or another type, constant or op is', () => {
    const lowered = new LoweredGroups();
    const programs = [
      buildProgram([square, square], (e, x, y) => [emit.add(e, x!, y!)]),
      buildProgram([square], (e, x) => [emit.add(e, x!, x!)]),
      buildProgram([square], (e, x) => [emit.add(e, x!, emit.fill(e, square, 2))]),
      buildProgram([square], (e, x) => [emit.add(e, x!, emit.fill(e, square, 3))]),
      buildProgram([square, square], (e, x, y) => [emit.subtract(e, x!, y!)]),
      buildProgram([tensorType('int32', [16, 16]), tensorType('int32', [16, 16])], (e, x, y) => [emit.add(e, x!, y!)]),
      buildProgram([tensorType('float32', [256]), tensorType('float32', [256])], (e, x, y) => [emit.add(e, x!, y!)]),
    ];
    const kernels = programs.flatMap((program) => kernelsOf(program, lowered));
    expect(kernels).toHaveLength(programs.length);
    expect(new Set(kernels).size).toBe(programs.length);
  });

  it('are not taken where two values share memory', () => {
    const count = tensorType('int32', []);
    const condition = buildProgram([count, square], (e, i) => [emit.compare(e, i!, emit.constantLike(e, i!, 3), 'LT')]);
    const body = buildProgram([count, square], (e, i, x) => [emit.add(e, i!, emit.constantLike(e, i!, 1)), x!]);
    const program = buildProgram([count, square], (e, i, x) => {
      const start = emit.tanh(e, x!);
      const [steps, same] = emit.whileLoop(e, [i!, start], condition, body);
      return [steps!, emit.add(e, same!, start)];
    });
    const lowered = new LoweredGroups();
    kernelsOf(
      buildProgram([square, square], (e, x, y) => [emit.add(e, x!, y!)]),
      lowered,
    );
    const [last] = kernelsOf(program, lowered).slice(-1);
    expect(last!.parameters.map(({ access }) => access)).toEqual(['read', 'write']);
  });

  it('are not taken behind a product, whose rows they are cut by', () => {
    const [matrix, bias] = [tensorType('float32', [20, 32]), tensorType('float32', [32])];
    const shifted = (e: Emitter, x: Value, b: Value): Value => emit.add(e, x, emit.broadcastInDim(e, b, [20, 32], [1]));
    const dot: Target = {
      ...wideTarget,
      library: ({ op }) => op === 'dot_general',
      epilogue: () => true,
    };
    const program = buildProgram(
      [tensorType('float32', [20, 6]), tensorType('float32', [6, 32]), bias],
      (e, x, w, b) => {
        const dimensions = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
        return [shifted(e, emit.dotGeneral(e, x!, w!, dimensions), b!)];
      },
    );
    const lowered = new LoweredGroups();
    compileProgram(
      buildProgram([matrix, bias], (e, x, b) => [shifted(e, x!, b!)]),
      { ...dot, lowered },
    );
    expect(lowered.kernels.size).toBe(1);
    expect(printPlan(compileProgram(program, { ...dot, lowered }))).toBe(printPlan(compileProgram(program, dot)));
  });

  it('make place for others', () => {
    const lowered = new LoweredGroups(3);
    const random = randomGenerator(3);
    for (let i = 0; i < 5; i++) {
      compileProgram(randomProgram(random), { ...wideTarget, lowered });
      expect(lowered.kernels.size).toBeLessThanOrEqual(3);
    }
  });
});
