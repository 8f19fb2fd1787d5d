import {
  buildProgram,
  type Emitter,
  type Program,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../plan.js';
import { expectCompiles, randomInputs, wideTarget } from '../test-support/check.js';

const i32 = tensorType('int32', []);
const stack = tensorType('float32', [6, 4]);
const number = (e: Emitter, value: number): Value => emit.fill(e, i32, value);

interface Loop {
  readonly from?: number;
  readonly step?: number;
  readonly rounds?: number;
  readonly update?: TensorType;
  /** Where the update goes; default: row `i`. */
  readonly starts?: (e: Emitter, i: Value) => readonly Value[];
  /** What the update is made of, beside `x`. */
  readonly reads?: (e: Emitter, rows: Value) => Value;
  /** Goes on while this holds, too. */
  readonly condition?: (e: Emitter, rows: Value) => Value;
  /** Carries after the three first ones, from the stack. */
  readonly keeps?: boolean;
}

/** (i, x, stack) → (i + 1, x, stack with some elements replaced by x + i). */
function loopOf({ from = 0, step = 1, rounds = 6, ...loop }: Loop): Program {
  const update = loop.update ?? tensorType('float32', [1, 4]);
  const types = [i32, update, stack, ...(loop.keeps ? [stack] : [])];
  const condition = buildProgram(types, (e, i, _x, rows) => {
    const isLeft = emit.compare(e, i!, number(e, rounds), 'LT');
    return [loop.condition === undefined ? isLeft : emit.and(e, isLeft, loop.condition(e, rows!))];
  });
  const body = buildProgram(types, (e, i, x, rows) => {
    const index = emit.broadcastInDim(e, emit.convert(e, i!, 'float32'), update.shape, []);
    const plain = emit.add(e, x!, index);
    const value = loop.reads === undefined ? plain : emit.add(e, plain, loop.reads(e, rows!));
    const starts = loop.starts?.(e, i!) ?? [i!, number(e, 0)];
    const next = [emit.add(e, i!, number(e, step)), x!, emit.dynamicUpdateSlice(e, rows!, value, starts)];
    return loop.keeps ? [...next, rows!] : next;
  });
  return buildProgram([update], (e, x) => {
    const zeros = (): Value => emit.fill(e, stack, 0);
    return emit
      .whileLoop(e, [number(e, from), x!, zeros(), ...(loop.keeps ? [zeros()] : [])], condition, body)
      .slice(2);
  });
}

/** Steps that write a whole stack before the loop. */
function fills({ steps }: Plan): number {
  return steps.filter(
    (step) =>
      step.kind === 'kernel' &&
      step.kernel.parameters.some(({ access, elements }) => access !== 'read' && elements === 24),
  ).length;
}

const dropped: Readonly<Record<string, Loop>> = {
  'rows in order': {},
  'rows from the last one back': { starts: (e, i) => [emit.subtract(e, number(e, 5), i), number(e, 0)] },
  columns: {
    ...{ rounds: 4, update: tensorType('float32', [6, 1]) },
    starts: (e, i) => [number(e, 0), i],
  },
  'all of it each time': { rounds: 2, update: stack },
};

const kept: Readonly<Record<string, Loop>> = {
  'the last row is left out': { rounds: 5 },
  'the first row is left out': { from: 1 },
  'every other row is left out': { step: 2 },
  'rows of another order': { starts: (e, i) => [emit.subtract(e, number(e, 4), i), number(e, 0)] },
  'always the same row': { starts: (e) => [number(e, 2), number(e, 0)] },
  'half rows': { update: tensorType('float32', [1, 2]) },
  'rows are read': { reads: (e, rows) => emit.slice(e, rows, [5, 0], [6, 4]) },
  'the loop ends by what is in them': {
    condition: (e, rows) =>
      emit.compare(e, emit.reduceSum(e, rows, [0, 1]), emit.fill(e, tensorType('float32', []), 1e3), 'LT'),
  },
  'the rows so far are a carry too': { keeps: true },
};

describe('the first value of a stack', () => {
  it.each(Object.entries(dropped))('is not written where the loop does: %s', (_, loop) => {
    const program = loopOf(loop);
    expect(fills(expectCompiles(program, randomInputs(program), [wideTarget]))).toBe(0);
  });

  it.each(Object.entries(kept))('is written where: %s', (_, loop) => {
    const program = loopOf(loop);
    expect(fills(expectCompiles(program, randomInputs(program), [wideTarget]))).toBeGreaterThan(0);
  });
});
