/** What JAX lowers is read, and computes here what JAX computes. */

import { describe, expect, test } from 'vitest';
import { evaluateProgram } from '../evaluator/index.js';
import { parseStableHLO, printStableHLO } from './index.js';
import { lowerByJax, missingXla } from './test-support/xla.js';

const reason = missingXla();

describe.skipIf(reason !== undefined)(`JAX's modules${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test('evaluate to the same numbers', { timeout: 300_000 }, () => {
    const cases = lowerByJax();
    expect(cases.length).toBeGreaterThan(10);
    for (const { name, text, inputs, outputs } of cases) {
      const program = parseStableHLO(text);
      const results = evaluateProgram(program, inputs);
      outputs.forEach(({ data }, i) => {
        const [actual, expected] = [results[i]!, data].map((array) => Array.from(array as ArrayLike<number>, Number));
        const scale = Math.max(...expected!.map(Math.abs));
        const error = Math.max(...expected!.map((value, j) => Math.abs(value - actual![j]!)));
        expect(error / (scale || 1), `${name}, output ${i}`).toBeLessThan(2e-6);
      });
      const printed = printStableHLO(program);
      expect(printStableHLO(parseStableHLO(printed)), name).toBe(printed);
    }
  });
});
