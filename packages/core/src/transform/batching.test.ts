/** Every op on batches against the evaluator, item by item. */
import { type HostArray, type Program, validateProgram } from '@ceratops/kernel-registry';
import { batchProgram, batchRules } from '@ceratops/kernel-registry/batching';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { gradientCases } from '../autodiff/test-support/cases.js';
import { PythonRandom } from '../random/python-random.js';

const size = 3;

/** The same data with small changes; integers and booleans are turned round, so that they stay in range. */
function variant(data: HostArray, item: number, random: PythonRandom): HostArray {
  if (item === 0) return data;
  if (data instanceof Float64Array) return data.map((x) => x + random.uniform(-0.01, 0.01));
  const turned = data.slice();
  for (let i = 0; i < data.length; i++) turned[i] = data[(i + item) % data.length]!;
  return turned;
}

function joined(items: readonly HostArray[]): HostArray {
  const first = items[0]!;
  const all = new (first.constructor as new (length: number) => HostArray)(first.length * items.length);
  for (const [i, item] of items.entries()) (all as Float64Array).set(item as Float64Array, i * first.length);
  return all;
}

function check(program: Program, data: readonly HostArray[], flags: readonly boolean[]): void {
  const random = new PythonRandom(5);
  const items = Array.from({ length: size }, (_, item) =>
    data.map((array, i) => (flags[i] ? variant(array, item, random) : array)),
  );
  const batched = batchProgram(program, flags, size);
  validateProgram(batched);
  const inputs = data.map((array, i) => (flags[i] ? joined(items.map((item) => item[i]!)) : array));
  const received = evaluateProgram(batched, inputs);
  const expected = items.map((item) => evaluateProgram(program, item));
  received.forEach((result, output) => {
    const wanted = joined(expected.map((results) => results[output]!));
    expect(result.length).toBe(wanted.length);
    for (let i = 0; i < wanted.length; i++) {
      const scale = Math.max(1, Math.abs(Number(wanted[i])));
      expect(Math.abs(Number(result[i]) - Number(wanted[i])) / scale, `output ${output}[${i}]`).toBeLessThan(1e-12);
    }
  });
}

describe.each(gradientCases)('$name', ({ program, inputs }) => {
  const data = inputs.map((input) => input.data);
  const patterns = [
    inputs.map(() => true),
    ...inputs.map((_, mapped) => inputs.map((_, i) => i === mapped)),
    ...inputs.map((_, fixed) => inputs.map((_, i) => i !== fixed)),
  ].filter((flags) => flags.some(Boolean));
  const distinct = [...new Map(patterns.map((flags) => [flags.join(), flags])).values()];

  it.each(distinct.map((flags) => [flags]))('of batches: %j', (flags) => {
    check(program, data, flags);
  });
});

it('the cases have every op that has more to it than its operands side by side', () => {
  const tested = new Set(gradientCases.flatMap(({ program }) => program.instructions.map(({ op }) => op)));
  const elementwise = ['and', 'or', 'xor', 'not', 'shift_left', 'shift_right_arithmetic', 'shift_right_logical'];
  const others = ['bitcast_convert', 'is_finite', 'custom_call', ...elementwise];
  expect(Object.keys(batchRules).filter((op) => !tested.has(op as never) && !others.includes(op))).toEqual([]);
});
