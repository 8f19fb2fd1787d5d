/** Largest and smallest of rows that hold NaN: the result is NaN wherever in the row it is, in a whole vector or behind the last. */

import { buildProgram, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { generator, plain, relaxed, relaxedRuns, runOn, threaded } from '../test-support/check.js';

const columns = 75;

function rowsWithOneNaN(): Float32Array {
  const random = generator(3);
  const x = Float32Array.from({ length: columns * columns }, () => random() - 0.5);
  for (let row = 0; row < columns; row++) x[row * columns + row] = Number.NaN;
  return x;
}

describe.each(['maximum', 'minimum'] as const)('%s', (op) => {
  const reduce = op === 'maximum' ? emit.reduceMax : emit.reduceMin;
  const program = buildProgram([tensorType('float32', [columns, columns])], (e, x) => [reduce(e, x!, [1])]);
  const backends = [plain, threaded, ...(relaxedRuns ? [relaxed] : [])];

  it('of a row with NaN is NaN', () => {
    for (const backend of backends) {
      expect(runOn(backend, program, [rowsWithOneNaN()])[0]).toEqual(new Float32Array(columns).fill(Number.NaN));
    }
  });

  it('of other rows is what Math says', () => {
    const x = rowsWithOneNaN().map((value) => (Number.isNaN(value) ? 0.75 : value));
    const extreme = op === 'maximum' ? Math.max : Math.min;
    const expected = Float32Array.from({ length: columns }, (_, row) =>
      extreme(...x.subarray(row * columns, (row + 1) * columns)),
    );
    for (const backend of backends) expect(runOn(backend, program, [x])[0]).toEqual(expected);
  });
});
