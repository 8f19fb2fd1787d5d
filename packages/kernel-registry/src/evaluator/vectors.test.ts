/**
 * Runs StableHLO's own test data (openxla/stablehlo, Apache-2.0) through the parser and the evaluator. The vectors are
 * read where they lie: `shared/vectors/stablehlo` beside the repository, or $CERATOPS_STABLEHLO_VECTORS.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DType, HostArray } from '../dtype.js';
import { isCeratopsError } from '../errors.js';
import { type Program, valueTypes } from '../program.js';
import { parseStableHLO } from '../text/index.js';
import { evaluateProgram } from './index.js';
import { type Check, inexactVectors, mismatch, type Scale, summing, tolerances } from './test-support/closeness.js';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const root = process.env.CERATOPS_STABLEHLO_VECTORS ?? path.join(repository, '../shared/vectors/stablehlo');

function modulesIn(name: string): { readonly folder: string; readonly files: readonly string[] } {
  const folder = path.join(root, name);
  return { folder, files: existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.mlir')) : [] };
}

const testdata = modulesIn('testdata');
const interpret = modulesIn('interpret');

interface Expectation {
  readonly check: Check;
  readonly dtype: DType;
}

/** Turns each `custom_call @check.expect_…(actual, expected)` into two outputs. */
function withChecks(program: Program): { readonly program: Program; readonly expectations: readonly Expectation[] } {
  const types = valueTypes(program);
  const checks = program.instructions.flatMap((instruction) => {
    if (instruction.op !== 'custom_call' || !instruction.attributes.target.startsWith('check.')) return [];
    const check = instruction.attributes.target.slice('check.'.length) as Check;
    return [{ check, dtype: types[instruction.operands[0]!]!.dtype, operands: instruction.operands }];
  });
  const instructions = program.instructions.filter(({ op }) => op !== 'custom_call');
  const outputs = checks.flatMap(({ operands }) => operands);
  return { program: { ...program, instructions, outputs }, expectations: checks };
}

type Outcome = { readonly kind: 'passed' } | { readonly kind: 'unsupported' | 'failed'; readonly reason: string };

function run(file: string, text: string, entry = 'main'): Outcome {
  try {
    const { program, expectations } = withChecks(parseStableHLO(text, { entry }));
    const outputs: HostArray[] = evaluateProgram(program, []);
    if (expectations.length === 0) return { kind: 'failed', reason: 'the module checks nothing' };
    const scale: Scale = program.instructions.some(({ op }) => summing.has(op)) ? 'tensor' : 'element';
    for (const [i, { check, dtype }] of expectations.entries()) {
      const reason = mismatch(
        dtype,
        inexactVectors[file] ?? tolerances[check],
        outputs[2 * i]!,
        outputs[2 * i + 1]!,
        scale,
      );
      if (reason !== undefined) return { kind: 'failed', reason: `${check}: ${reason}` };
    }
    return { kind: 'passed' };
  } catch (error) {
    const kind = isCeratopsError(error, 'UNSUPPORTED') ? 'unsupported' : 'failed';
    return { kind, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What the importer does not take yet. A gap that has closed must go from here. */
const gaps: readonly string[] = [
  'chlo.acosh of complex',
  'chlo.asin of complex',
  'chlo.asinh of complex',
  'chlo.atan of complex',
  'chlo.atanh of complex',
  'chlo.bessel_i1e',
  'chlo.digamma',
  'chlo.erfc',
  'chlo.lgamma',
  'stablehlo.rng_bit_generator',
];

/** The op and kind of dtype that an UNSUPPORTED error names. */
function gapOf(reason: string): string {
  const op = /(?:stable|ch)(?:hlo|lo)\.\w+/.exec(reason)?.[0] ?? reason;
  return reason.includes('complex') ? `${op} of complex` : op;
}

/** `scatter_add_bfloat16…` → `scatter`: the vectors' file names start with the JAX primitive. */
function groupOf(file: string): string {
  return file.replace(/\.mlir$/, '').replace(/_(bfloat16|float\d+|u?int\d+|bool|complex\d+)(_.*)?$/, '');
}

/** The interpreter's tests compare with a constant in an op of their own: here it is a constant and a call. */
function withPlainChecks(text: string): string {
  let count = 0;
  return text.replace(
    /check\.(expect_\w+)_const (%[\w#]+), (dense<[\s\S]*?> :\s+(tensor<.*>))/g,
    (_, check: string, value: string, constant: string, type: string) => {
      const expected = `%expected_${count++}`;
      return `${expected} = stablehlo.constant ${constant}
        stablehlo.custom_call @check.${check}(${value}, ${expected}) : (${type}, ${type}) -> ()`;
    },
  );
}

/** Every function without arguments is a test. */
function entriesOf(text: string): string[] {
  return [...text.matchAll(/func\.func (?:public |private )?@(\w+)\(\)/g)].map((match) => match[1]!);
}

function missing({ files, folder }: typeof testdata): string {
  return files.length === 0 ? ` (none at ${folder})` : '';
}

describe.skipIf(interpret.files.length === 0)(`StableHLO interpreter tests${missing(interpret)}`, () => {
  test('agree', () => {
    const unsupported: string[] = [];
    const unexpected: string[] = [];
    let passed = 0;
    for (const file of interpret.files) {
      const chunks = readFileSync(path.join(interpret.folder, file), 'utf8').split(/^\/\/ -----$/m);
      for (const text of chunks.map(withPlainChecks)) {
        for (const entry of entriesOf(text)) {
          const outcome = run(file, text, entry);
          if (outcome.kind === 'passed') passed++;
          else (outcome.kind === 'failed' ? unexpected : unsupported).push(`${file} @${entry}: ${outcome.reason}`);
        }
      }
    }
    console.log(`${passed} functions passed, ${unsupported.length} unsupported, ${unexpected.length} failed`);
    expect(unexpected).toEqual([]);
  });
});

describe.skipIf(testdata.files.length === 0)(`StableHLO test data${missing(testdata)}`, () => {
  test('agrees', { timeout: 600_000 }, () => {
    const byGroup = new Map<string, Record<Outcome['kind'], number>>();
    const unexpected: string[] = [];
    const found = new Set<string>();
    for (const file of testdata.files) {
      const outcome = run(file, readFileSync(path.join(testdata.folder, file), 'utf8'));
      const counts = byGroup.get(groupOf(file)) ?? { passed: 0, unsupported: 0, failed: 0 };
      counts[outcome.kind]++;
      byGroup.set(groupOf(file), counts);
      if (outcome.kind === 'unsupported') found.add(gapOf(outcome.reason));
      if (outcome.kind === 'failed') unexpected.push(`${file}: ${outcome.reason}`);
    }
    const rows = [...byGroup].map(([group, { passed, unsupported, failed }]) => ({
      group,
      passed,
      unsupported,
      failed,
    }));
    if (process.env.CERATOPS_VERBOSE !== undefined) console.table(rows);
    const total = (kind: Outcome['kind']): number => rows.reduce((sum, row) => sum + row[kind], 0);
    console.log(
      `${total('passed')} of ${testdata.files.length} passed, ${total('unsupported')} unsupported, ${total('failed')} failed`,
    );
    expect(unexpected).toEqual([]);
    expect([...found].sort()).toEqual(gaps);
  });
});
