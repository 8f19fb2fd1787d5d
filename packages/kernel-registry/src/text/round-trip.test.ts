import { describe, expect, test } from 'vitest';
import { buildProgram } from '../any-op.js';
import { equalPrograms } from '../program/equal.js';
import type { Program } from '../program.js';
import { tensorType } from '../tensor-type.js';
import { parseStableHLO, printStableHLO } from './index.js';
import { samples } from './test-support/samples.js';

function roundTrip(program: Program): void {
  const text = printStableHLO(program);
  const parsed = parseStableHLO(text);
  expect(equalPrograms(parsed, program), text).toBe(true);
  expect(parsed.name).toBe(program.name);
  expect(printStableHLO(parsed)).toBe(text);
}

describe('print, then parse', () => {
  for (const [op, programs] of Object.entries(samples)) {
    test(op, () => {
      expect(programs.length).toBeGreaterThan(0);
      programs.forEach(roundTrip);
    });
  }

  test('aliases', () => {
    const x = tensorType('float32', [2]);
    const program = buildProgram([x, x], (e, a, b) => e.emit('add', [a!, b!], {}), 'step');
    const aliased: Program = { ...program, inputs: [program.inputs[0]!, { type: x, aliases: 0 }] };
    roundTrip(aliased);
    expect(printStableHLO(aliased)).toContain('%arg1: tensor<2xf32> {tf.aliasing_output = 0 : i32}');
  });

  test('no outputs, no inputs, odd names', () => {
    roundTrip(buildProgram([], () => [], 'a b-c'));
    roundTrip(buildProgram([tensorType('int8', [0])], (_, x) => [x!, x!]));
  });

  test('a case whose operands are unused or permuted keeps its meaning', () => {
    const x = tensorType('float32', []);
    const swap = buildProgram([x, x, x], (e, a, _, c) => e.emit('subtract', [c!, a!], {}));
    const program = buildProgram([tensorType('int32', []), x, x, x], (e, ...values) =>
      e.emit('case', values, { branches: [swap, swap] }),
    );
    const parsed = parseStableHLO(printStableHLO(program));
    expect(parsed.instructions[0]!.operands).toEqual([0, 3, 1]);
    expect(printStableHLO(parsed)).toBe(printStableHLO(program));
  });
});
