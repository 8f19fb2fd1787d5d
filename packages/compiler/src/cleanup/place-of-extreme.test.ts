import { buildProgram, type DType, dtypes, type Program, tensorType } from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { lateParts } from '../late.js';
import { expectCompiles } from '../test-support/check.js';
import { extremeAndPlace } from '../test-support/extremes.js';
import { cleanUp } from './index.js';

function places(dtype: DType, shape: readonly number[], axis: number, op: 'maximum' | 'minimum', first = 0): Program {
  return buildProgram([tensorType(dtype, shape)], (e, x) => extremeAndPlace(e, x!, axis, op, first));
}

function applies(program: Program): boolean {
  return cleanUp(program, lateParts).applied.has('placeOfExtreme');
}

const { NaN: none, POSITIVE_INFINITY: high, NEGATIVE_INFINITY: low } = Number;
const rows = [
  [3, -1, 3, 2],
  [none, 5, none, high],
  [1, none, 2, none],
  [low, low, low, low],
  [high, 1, high, low],
  [0, -0, 0, -0],
  [-0, 0, -0, 0],
  [1, 1, 1, 1],
];

describe('the place of an extreme', () => {
  it.each([
    ['maximum', 'float32'],
    ['minimum', 'float32'],
    ['maximum', 'float64'],
    ['minimum', 'int32'],
    ['maximum', 'uint8'],
  ] as const)('of a row, %s of %s: the first, NaN before all', (op, dtype) => {
    const shape = [rows.length, 4];
    const program = places(dtype, shape, 1, op);
    const values = new dtypes[dtype].host(shape[0]! * 4);
    rows.flat().forEach((value, i) => {
      values[i] = value;
    });
    const inputs = [values];
    expect(applies(program)).toBe(true);
    expectCompiles(program, inputs);
    // The zero that is there, and each NaN.
    const clean = cleanUp(program, lateParts).program;
    expect(evaluateProgram(clean, inputs)).toEqual(evaluateProgram(program, inputs));
  });

  it('of a column, or with other places or initial values, is left to the body', () => {
    expect(applies(places('float32', [4, 8], 0, 'maximum'))).toBe(false);
    expect(applies(places('float32', [4, 8], 1, 'maximum', 3))).toBe(false);
    expect(applies(places('float32', [4, 0], 1, 'maximum'))).toBe(false);
  });
});
