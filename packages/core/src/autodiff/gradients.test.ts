import { vjpRules } from '@ceratops/kernel-registry/tracing';
import { describe, expect, it } from 'vitest';
import { gradientCases } from './test-support/cases.js';
import { compareGradients, cotangentsOf, gradientsOnly } from './test-support/finite-differences.js';

/** Central differences with step 1e-5 are good to about 1e-9 for functions of this size. */
function expectClose({ received, expected }: { received: number[]; expected: number[] }): void {
  expect(received).toHaveLength(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(0, ...received.map((value, i) => Math.abs(value - expected[i]!)));
  expect(worst / scale, `received ${received}\nexpected ${expected}`).toBeLessThan(2e-8);
}

describe.each(gradientCases)('$name', ({ program, inputs }) => {
  const data = inputs.map((input) => input.data);

  it('agrees with finite differences', () => {
    expectClose(compareGradients(program, data));
  });

  it('agrees in second order', () => {
    const second = gradientsOnly(program);
    expectClose(compareGradients(second, [...data, ...cotangentsOf(program, 11)], 13));
  });
});

it('the table of cases has every op that is differentiable', () => {
  const tested = new Set(gradientCases.flatMap(({ program }) => program.instructions.map(({ op }) => op)));
  const differentiable = Object.entries(vjpRules).flatMap(([name, { kind }]) =>
    kind === 'zero' || kind === 'unsupported' ? [] : [name],
  );
  expect(differentiable.filter((name) => !tested.has(name as never))).toEqual([]);
});
