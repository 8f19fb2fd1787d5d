import {
  type BinaryOp,
  binaryOps,
  buildProgram,
  type DType,
  dtypes,
  tensorType,
  type UnaryOp,
  unaryOps,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, it } from 'vitest';
import { expectCompiles, randomInputs, wideTarget } from './test-support/check.js';

const all = (Object.keys(dtypes) as DType[]).filter((dtype) => dtypes[dtype].kind !== 'complex');

type Kind = 'bool' | 'int' | 'uint' | 'float';

const everyKind: readonly Kind[] = ['bool', 'int', 'uint', 'float'];
const numeric: readonly Kind[] = ['int', 'uint', 'float'];
const integers: readonly Kind[] = ['int', 'uint'];

/** Ops that are not defined for floats, and those that only are for them. */
const unaryKinds: { readonly [O in UnaryOp]?: readonly Kind[] } = {
  abs: ['int', 'float'],
  negate: ['int', 'float'],
  sign: ['int', 'float'],
  not: ['bool', 'int', 'uint'],
};

const binaryKinds: { readonly [O in BinaryOp]?: readonly Kind[] } = {
  add: everyKind,
  multiply: everyKind,
  maximum: everyKind,
  minimum: everyKind,
  subtract: numeric,
  divide: numeric,
  remainder: numeric,
  power: numeric,
  atan2: ['float'],
  and: ['bool', 'int', 'uint'],
  or: ['bool', 'int', 'uint'],
  xor: ['bool', 'int', 'uint'],
  shift_left: integers,
  shift_right_arithmetic: integers,
  shift_right_logical: integers,
};

function dtypesOf(kinds: readonly Kind[]): DType[] {
  return all.filter((dtype) => (kinds as readonly string[]).includes(dtypes[dtype].kind));
}

const unaryCases = ([...unaryOps] as UnaryOp[]).flatMap((op) =>
  dtypesOf(unaryKinds[op] ?? ['float']).map((dtype) => ({ op, dtype })),
);

const binaryCases = ([...binaryOps] as BinaryOp[]).flatMap((op) =>
  dtypesOf(binaryKinds[op] ?? numeric).map((dtype) => ({ op, dtype })),
);

const shape = [3, 7];

describe('every dtype', () => {
  it.each(unaryCases)('$op of $dtype', ({ op, dtype }) => {
    const program = buildProgram([tensorType(dtype, shape)], (e, a) => e.emit(op, [a!], {}), op);
    expectCompiles(program, randomInputs(program), [wideTarget]);
  });

  it.each(binaryCases)('$op of $dtype', ({ op, dtype }) => {
    const type = tensorType(dtype, shape);
    const program = buildProgram([type, type], (e, a, b) => e.emit(op, [a!, b!], {}), op);
    expectCompiles(program, randomInputs(program), [wideTarget]);
  });

  it.each(all)('convert from %s to every other', (from) => {
    const program = buildProgram([tensorType(from, shape)], (e, a) => all.map((to) => emit.convert(e, a!, to)));
    expectCompiles(program, randomInputs(program), [wideTarget]);
  });

  it.each(all)('compare, select, reduce, pad and reverse of %s', (dtype) => {
    const type = tensorType(dtype, shape);
    const program = buildProgram([type, type], (e, a, b) => {
      const larger = emit.select(e, emit.compare(e, a!, b!, 'GT'), a!, b!);
      const padded = emit.pad(e, larger, emit.fill(e, tensorType(dtype, []), 1), [1, 0], [0, 2]);
      return [emit.reverse(e, padded, [1]), emit.reduceMax(e, larger, [0]), emit.reduceSum(e, larger, [1])];
    });
    expectCompiles(program, randomInputs(program), [wideTarget]);
  });

  it.each(dtypesOf(['int', 'uint']))('indices of %s', (dtype) => {
    const scalar = tensorType(dtype, []);
    const program = buildProgram([tensorType('float32', [6, 300]), scalar, scalar], (e, a, i, j) => [
      emit.dynamicSlice(e, a!, [i!, j!], [2, 5]),
    ]);
    expectCompiles(program, randomInputs(program), [wideTarget]);
  });
});
