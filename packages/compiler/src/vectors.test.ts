/**
 * Compiles the programs of StableHLO's test data (openxla/stablehlo, Apache-2.0) and holds their plans against the
 * evaluator, which its own tests hold against the expected values in the data. The vectors are read where they lie:
 * `shared/vectors/stablehlo` beside the repository, or $CERATOPS_STABLEHLO_VECTORS.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  expandComposites,
  type HostArray,
  isCeratopsError,
  isComplex,
  type Program,
  removeDeadCode,
  valueTypes,
} from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { parseStableHLO } from '@ceratops/kernel-registry/text';
import { describe, expect, test } from 'vitest';
import { expectCompiles, tinyTarget } from './test-support/check.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const root = process.env.CERATOPS_STABLEHLO_VECTORS ?? path.join(repository, '../shared/vectors/stablehlo');
const folder = path.join(root, 'testdata');
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.mlir')) : [];

/** The dense constants of a program become inputs, so that nothing is known while it is compiled. */
function withInputs(program: Program): { program: Program; inputs: HostArray[] } {
  const constants = program.instructions.flatMap((instruction, i) =>
    instruction.op === 'constant' && instruction.attributes.value.data.length > 1 ? [{ i, instruction }] : [],
  );
  const isInput = new Set(constants.map(({ i }) => i));
  const renamed: number[] = [];
  let next = constants.length;
  let input = 0;
  program.instructions.forEach(({ results }, i) => {
    for (const _ of results) renamed.push(isInput.has(i) ? input++ : next++);
  });
  const instructions = program.instructions.flatMap((instruction, i) =>
    isInput.has(i) ? [] : [{ ...instruction, operands: instruction.operands.map((id) => renamed[id]!) }],
  );
  return {
    program: {
      ...program,
      inputs: constants.map(({ instruction }) => ({ type: instruction.results[0]! })),
      instructions: instructions as Program['instructions'],
      outputs: program.outputs.map((id) => renamed[id]!),
    },
    inputs: constants.map(({ instruction: { attributes } }) => attributes.value.data),
  };
}

/** The program of a module; undefined when the importer or this compiler does not take it on purpose. */
function load(file: string): Program | undefined {
  try {
    const parsed = removeDeadCode(parseStableHLO(readFileSync(path.join(folder, file), 'utf8')));
    const program = expandComposites(parsed, () => false);
    const types = valueTypes(program);
    return types.some(({ dtype }) => isComplex(dtype)) || program.inputs.length > 0 ? undefined : program;
  } catch (error) {
    if (isCeratopsError(error, 'UNSUPPORTED')) return undefined;
    throw error;
  }
}

describe.skipIf(files.length === 0)(`StableHLO test data${files.length === 0 ? ` (none at ${folder})` : ''}`, () => {
  test('agrees', { timeout: 600_000 }, () => {
    const failed: string[] = [];
    const unsupported = new Set<string>();
    let passed = 0;
    for (const file of files) {
      const loaded = load(file);
      if (loaded === undefined) continue;
      const { program, inputs } = withInputs(loaded);
      try {
        expectCompiles({ ...program, name: file }, inputs, [tinyTarget]);
        passed++;
      } catch (error) {
        if (isCeratopsError(error, 'UNSUPPORTED')) unsupported.add(error.subject ?? file);
        else failed.push(`${file}: ${error instanceof Error ? error.message : error}`);
      }
    }
    console.log(`${passed} programs passed, ${failed.length} failed`);
    expect(failed).toEqual([]);
    expect([...unsupported]).toEqual(['triangular_solve']);
    expect(passed).toBeGreaterThan(1400);
  });

  test('inputs stand for constants', () => {
    const loaded = load(files.find((file) => file.startsWith('sort'))!)!;
    const { program, inputs } = withInputs(loaded);
    expect(evaluateProgram(program, inputs)).toEqual(evaluateProgram(loaded, []));
  });
});
