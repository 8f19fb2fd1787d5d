import {
  buildProgram,
  type Emitter,
  outputTypes,
  type Program,
  scalarRegion,
  type TensorType,
  tensorType,
  type Value,
  validateProgram,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { lateParts } from '../late.js';
import { expectClose, randomInputs } from '../test-support/check.js';
import { extremeAndPlace } from '../test-support/extremes.js';
import { cleanUpRules, cleanUp as cleanUpWith } from './index.js';
import { lateRules } from './late-rules.js';

const cleanUp = (program: Program) => cleanUpWith(program, lateParts);

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);

interface Case {
  readonly rule: string;
  readonly inputs: readonly TensorType[];
  readonly body: (emitter: Emitter, ...values: Value[]) => Value;
  /** Ops that are left, in order. */
  readonly left: readonly string[];
}

const x = f32(3, 4);

const cases: readonly Case[] = [
  {
    rule: 'foldConstants',
    inputs: [],
    body: (e) => emit.exponential(e, emit.multiply(e, emit.fill(e, x, 1.5), emit.fill(e, x, -0.25))),
    left: ['constant'],
  },
  {
    rule: 'foldConstants',
    inputs: [],
    body: (e) => emit.convert(e, emit.compare(e, emit.fill(e, x, 1), emit.fill(e, x, 2), 'LT'), 'int8'),
    left: ['constant'],
  },
  {
    rule: 'withIdentity',
    inputs: [x],
    body: (e, a) => emit.add(e, emit.multiply(e, a!, emit.fill(e, x, 1)), emit.fill(e, x, 0)),
    left: [],
  },
  {
    rule: 'withIdentity',
    inputs: [x],
    body: (e, a) => emit.maximum(e, emit.fill(e, x, Number.NEGATIVE_INFINITY), a!),
    left: [],
  },
  {
    rule: 'withRightIdentity',
    inputs: [x],
    body: (e, a) => emit.divide(e, emit.subtract(e, a!, emit.fill(e, x, 0)), emit.fill(e, x, 1)),
    left: [],
  },
  {
    rule: 'integerZero',
    inputs: [i32(3)],
    body: (e, a) => emit.multiply(e, a!, emit.fill(e, i32(3), 0)),
    left: ['constant'],
  },
  { rule: 'sameOperands', inputs: [x], body: (e, a) => emit.minimum(e, a!, a!), left: [] },
  { rule: 'twice', inputs: [x], body: (e, a) => emit.negate(e, emit.negate(e, a!)), left: [] },
  { rule: 'again', inputs: [x], body: (e, a) => emit.floor(e, emit.floor(e, a!)), left: ['floor'] },
  { rule: 'square', inputs: [x], body: (e, a) => emit.power(e, a!, emit.fill(e, x, 2)), left: ['multiply'] },
  {
    rule: 'divideByPowerOfTwo',
    inputs: [x],
    body: (e, a) => emit.divide(e, a!, emit.fill(e, x, -8)),
    left: ['constant', 'multiply'],
  },
  {
    rule: 'selectSame',
    inputs: [tensorType('bool', [3, 4]), x],
    body: (e, p, a) => emit.select(e, p!, a!, a!),
    left: [],
  },
  {
    rule: 'selectSame',
    inputs: [x, x],
    body: (e, a, b) => emit.select(e, emit.fill(e, tensorType('bool', [3, 4]), false), a!, b!),
    left: [],
  },
  {
    rule: 'convertChain',
    inputs: [tensorType('bfloat16', [5])],
    body: (e, a) => emit.convert(e, emit.convert(e, a!, 'float32'), 'bfloat16'),
    left: [],
  },
  {
    rule: 'convertChain',
    inputs: [tensorType('int8', [5])],
    body: (e, a) => emit.convert(e, emit.convert(e, a!, 'int32'), 'float32'),
    left: ['convert'],
  },
  {
    rule: 'constantRight',
    inputs: [x],
    body: (e, a) => {
      const c = emit.fill(e, x, 3);
      return emit.subtract(e, emit.multiply(e, c, a!), emit.multiply(e, a!, c));
    },
    left: ['constant', 'multiply', 'subtract'],
  },
  {
    rule: 'viewOfSplat',
    inputs: [],
    body: (e) => emit.transpose(e, emit.broadcastInDim(e, emit.fill(e, f32(3), 2), [3, 4], [0]), [1, 0]),
    left: ['constant'],
  },
  {
    rule: 'mergeReshapes',
    inputs: [x],
    body: (e, a) => emit.reshape(e, emit.reshape(e, a!, [12]), [2, 6]),
    left: ['reshape'],
  },
  {
    rule: 'mergeTransposes',
    inputs: [f32(2, 3, 4)],
    body: (e, a) => emit.transpose(e, emit.transpose(e, a!, [2, 0, 1]), [2, 1, 0]),
    left: ['transpose'],
  },
  {
    rule: 'mergeTransposes',
    inputs: [f32(2, 1, 4)],
    body: (e, a) => emit.transpose(e, a!, [0, 2, 1]),
    left: ['reshape'],
  },
  {
    rule: 'mergeBroadcasts',
    inputs: [f32(3)],
    body: (e, a) => emit.broadcastInDim(e, emit.broadcastInDim(e, a!, [2, 3], [1]), [2, 5, 3], [0, 2]),
    left: ['broadcast_in_dim'],
  },
  {
    rule: 'mergeBroadcasts',
    inputs: [f32(3)],
    body: (e, a) => emit.broadcastInDim(e, a!, [1, 3, 1], [1]),
    left: ['reshape'],
  },
  {
    rule: 'mergeSlices',
    inputs: [f32(20, 9)],
    body: (e, a) => emit.slice(e, emit.slice(e, a!, [1, 0], [19, 9], [3, 2]), [1, 1], [6, 5], [2, 1]),
    left: ['slice'],
  },
  {
    rule: 'mergeReverses',
    inputs: [f32(3, 4)],
    body: (e, a) => emit.reverse(e, emit.reverse(e, a!, [0, 1]), [1]),
    left: ['reverse'],
  },
  {
    rule: 'padNothing',
    inputs: [],
    body: (e) => emit.pad(e, emit.fill(e, x, 2), emit.fill(e, f32(), 2), [1, 0], [0, 2]),
    left: ['constant'],
  },
  {
    rule: 'concatenateOne',
    inputs: [x, f32(0, 4)],
    body: (e, a, b) => emit.concatenate(e, [a!, b!], 0),
    left: [],
  },
  {
    rule: 'sliceAtConstants',
    inputs: [f32(8, 9)],
    body: (e, a) => emit.dynamicSlice(e, a!, [emit.fill(e, i32(), 7), emit.fill(e, i32(), -2)], [3, 4]),
    left: ['slice'],
  },
  {
    rule: 'updateAll',
    inputs: [x, x, i32()],
    body: (e, a, b, i) => emit.dynamicUpdateSlice(e, a!, b!, [i!, i!]),
    left: [],
  },
  {
    rule: 'placeOfExtreme',
    inputs: [x],
    body: (e, a) => extremeAndPlace(e, a!, 1, 'maximum')[1]!,
    left: [
      ...['constant', 'iota', 'reduce', 'broadcast_in_dim', 'compare', 'compare', 'or'],
      ...['constant', 'select', 'constant', 'reduce'],
    ],
  },
  {
    rule: 'reduceNothing',
    inputs: [f32(3, 1, 4)],
    body: (e, a) => emit.reduceSum(e, a!, [1]),
    left: ['reshape'],
  },
  {
    rule: 'reduceTransposed',
    inputs: [f32(3, 5, 4)],
    body: (e, a) => emit.reduceSum(e, emit.transpose(e, a!, [2, 0, 1]), [0]),
    left: ['constant', 'reduce'],
  },
  {
    rule: 'dotOfTransposed',
    inputs: [f32(5, 2, 4), f32(2, 6, 5)],
    body: (e, a, b) =>
      emit.dotGeneral(e, emit.transpose(e, a!, [1, 2, 0]), emit.transpose(e, b!, [0, 2, 1]), {
        lhsBatchingDimensions: [0],
        rhsBatchingDimensions: [0],
        lhsContractingDimensions: [2],
        rhsContractingDimensions: [1],
      }),
    left: ['dot_general'],
  },
  {
    rule: 'sumOfPads',
    inputs: [f32(2, 3), f32(2, 1), f32(2, 2)],
    body: (e, a, b, c) => {
      const zero = emit.fill(e, f32(), 0);
      const at = (value: Value, low: number): Value =>
        emit.pad(e, value, zero, [0, low], [0, 6 - low - value.type.shape[1]!]);
      return emit.add(e, emit.add(e, at(c!, 4), at(a!, 0)), at(b!, 3));
    },
    left: ['concatenate'],
  },
];

function expectSame(before: Program, after: Program): void {
  const inputs = randomInputs(before);
  const expected = evaluateProgram(before, inputs);
  const types = outputTypes(before);
  expect(outputTypes(after)).toEqual(types);
  evaluateProgram(after, inputs).forEach((array, i) => {
    expectClose(array, expected[i]!, types[i]!, before.name);
  });
}

describe('clean-up', () => {
  it.each(cases)('$rule: leaves $left', ({ rule, inputs, body, left }) => {
    const before = buildProgram(inputs, (e, ...values) => [body(e, ...values)], rule);
    const { program, applied } = cleanUp(before);
    validateProgram(program);
    expect([...applied.keys()]).toContain(rule);
    expect(program.instructions.map(({ op }) => op)).toEqual(left);
    expectSame(before, program);
  });

  it('has a case for every rule', () => {
    expect(new Set(cases.map(({ rule }) => rule))).toEqual(
      new Set([...cleanUpRules, ...lateRules].map(({ rewrite }) => rewrite.name)),
    );
  });

  it('keeps what would change a float: x · 0, x - x, a lossy conversion', () => {
    const program = buildProgram([x], (e, a) => [
      emit.multiply(e, a!, emit.fill(e, x, 0)),
      emit.subtract(e, a!, a!),
      emit.convert(e, emit.convert(e, a!, 'bfloat16'), 'float32'),
      emit.divide(e, a!, emit.fill(e, x, 3)),
    ]);
    expect(cleanUp(program).program.instructions.map(({ op }) => op)).toEqual([
      'constant',
      'multiply',
      'subtract',
      'convert',
      'convert',
      'constant',
      'divide',
    ]);
  });

  it('keeps what saturates on its way between integers', () => {
    const program = buildProgram([i32(40)], (e, a) => [
      emit.convert(e, emit.convert(e, a!, 'float64'), 'uint8'),
      emit.convert(e, emit.convert(e, a!, 'float64'), 'int64'),
    ]);
    const clean = cleanUp(program).program;
    expect(clean.instructions).toHaveLength(3);
    expectSame(program, clean);
  });

  it('adds pads that overlap, leave gaps or hold something else', () => {
    const y = f32(2, 2);
    const program = buildProgram([y, y], (e, a, b) => {
      const zero = emit.fill(e, f32(), 0);
      const pad = (value: Value, low: number, high: number, with_ = zero): Value =>
        emit.pad(e, value, with_, [0, low], [0, high]);
      return [
        emit.add(e, pad(a!, 0, 1), pad(b!, 1, 0)),
        emit.add(e, pad(a!, 0, 3), pad(b!, 3, 0)),
        emit.add(e, pad(a!, 0, 2), pad(b!, 2, 0, emit.fill(e, f32(), 1))),
      ];
    });
    const clean = cleanUp(program).program;
    expect(clean.instructions.filter(({ op }) => op === 'concatenate')).toEqual([]);
    expectSame(program, clean);
  });

  it('gives equal instructions one value, but not across a barrier', () => {
    const twice = (barrier: boolean): Program =>
      buildProgram([x], (e, a) => {
        const again = barrier ? emit.optimizationBarrier(e, [a!])[0]! : a!;
        const region = scalarRegion('float32', 'add');
        const zero = emit.fill(e, f32(), 0);
        const [first] = emit.reduce(e, [emit.tanh(e, a!)], [zero], [0], region);
        const [second] = emit.reduce(e, [emit.tanh(e, again)], [emit.fill(e, f32(), 0)], [0], region);
        return [emit.add(e, first!, second!)];
      });
    const ops = (program: Program): string[] => cleanUp(program).program.instructions.map(({ op }) => op);
    expect(ops(twice(false))).toEqual(['constant', 'tanh', 'reduce', 'add']);
    expect(ops(twice(true))).toEqual(['constant', 'tanh', 'reduce', 'tanh', 'reduce', 'add']);
  });
});
