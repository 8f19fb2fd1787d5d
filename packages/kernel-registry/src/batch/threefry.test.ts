import { expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import type { Emitter, Value } from '../builder.js';
import { threefry2x32 } from '../composites/threefry.js';
import { composite } from '../emit/composite.js';
import { evaluateProgram } from '../evaluator/index.js';
import { type TensorType, tensorType } from '../tensor-type.js';
import { runBatched } from './run.js';

const u32 = (...shape: number[]): TensorType => tensorType('uint32', shape);

const body = (e: Emitter, ...values: Value[]): readonly Value[] => composite(e, threefry2x32, values);

const keys = Uint32Array.of(1, 2, 3, 4, 5, 6);
const counters = Uint32Array.of(7, 8, 9, 10);
const words = Uint32Array.of(11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22);

it.each([
  { what: 'a key each', mapped: [true, false, false] },
  { what: 'counters each', mapped: [false, true, true] },
  { what: 'keys and some counters each', mapped: [true, false, true] },
])('random bits of batches with $what are those of the items', ({ mapped }) => {
  const items = [u32(2), u32(4), u32(4)];
  const data = [mapped[0] ? keys : keys.slice(0, 2), mapped[1] ? words : counters, mapped[2] ? words : counters];
  const types = items.map(({ shape }, i) => (mapped[i] ? u32(3, ...shape) : u32(...shape)));
  const one = buildProgram(items, body);
  const all = buildProgram(types, (e, ...values) =>
    runBatched(
      e,
      one,
      values.map((value, i) => ({ value, mapped: mapped[i]! })),
      3,
    ).map(({ value }) => value),
  );
  const itemOf = (array: Uint32Array, i: number, item: number): Uint32Array => {
    const size = items[i]!.shape[0]!;
    return mapped[i] ? array.slice(item * size, (item + 1) * size) : array;
  };
  const expected = [0, 1, 2].map((item) =>
    evaluateProgram(
      one,
      data.map((array, i) => itemOf(array, i, item)),
    ),
  );
  expect(evaluateProgram(all, data).map((array) => [...array])).toEqual(
    [0, 1].map((word) => expected.flatMap((results) => [...results[word]!])),
  );
});
