/** The rules of the IR as code. Passes run it between stages, backends before they compile. */

import { infer } from '../any-op.js';
import { isDType } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import { formatTypes, sameTypes } from '../infer/rule.js';
import { isOpName } from '../op-table.js';
import type { OpAttributes } from '../opset.js';
import type { AnyInstruction, Program } from '../program.js';
import { formatType, sameType, type TensorType } from '../tensor-type.js';
import { type NamedRegion, regionsOf } from './regions.js';

/**
 * @throws CeratopsError INVALID_PROGRAM naming the program, the instruction's index and op, and the types at fault.
 */
export function validateProgram(program: Program): void {
  validate(program, program.name);
}

function invalid(subject: string, problem: string, expected: string, received: string, cause?: unknown): never {
  throw new CeratopsError('INVALID_PROGRAM', problem, { subject, expected, received, cause });
}

function validate(program: Program, path: string): void {
  const types: TensorType[] = [];
  program.inputs.forEach(({ type }, i) => {
    checkType(`${path}, input ${i}`, type);
    types.push(type);
  });
  program.instructions.forEach((instruction, i) => {
    const where = `${path}, instruction ${i} (${instruction.op})`;
    checkInstruction(where, instruction, types);
    types.push(...instruction.results);
  });
  program.outputs.forEach((id, i) => {
    checkId(`${path}, output ${i}`, id, types.length);
  });
  checkAliases(program, path, types);
}

function checkType(where: string, { dtype, shape }: TensorType): void {
  if (!isDType(dtype)) invalid(where, 'unknown dtype', 'a dtype of the table', String(dtype));
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    invalid(where, 'bad shape', 'non-negative integer sizes', `[${shape.join(',')}]`);
  }
}

function checkId(where: string, id: number, count: number): void {
  if (!Number.isInteger(id) || id < 0 || id >= count) {
    invalid(where, 'uses a value that is not defined before it', `an id below ${count}`, `%${id}`);
  }
}

function checkInstruction(where: string, instruction: AnyInstruction, types: readonly TensorType[]): void {
  if (!isOpName(instruction.op)) invalid(where, 'unknown op', 'an op of the opset', String(instruction.op));
  for (const id of instruction.operands) checkId(where, id, types.length);
  for (const { name, program } of [...regionsOf(instruction), ...compositeRegions(instruction)]) {
    const path = `${where}, ${name}`;
    validate(program, path);
    if (program.inputs.some(({ aliases }) => aliases !== undefined)) {
      invalid(path, 'a region declares aliases', 'none', 'aliases');
    }
  }
  const operands = instruction.operands.map((id) => types[id]!);
  const inferred = inferAt(where, instruction, operands);
  if (!sameTypes(inferred, instruction.results)) {
    const expected = `${formatTypes(inferred)} from (${formatTypes(operands)})`;
    invalid(where, 'result types are not those that the op gives', expected, formatTypes(instruction.results));
  }
}

/** The programs among a composite's own attributes. */
function compositeRegions(instruction: AnyInstruction): NamedRegion[] {
  if (instruction.op !== 'composite') return [];
  const { attributes } = instruction.attributes;
  return Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && 'instructions' in value
      ? [{ name, program: value as unknown as Program }]
      : [],
  );
}

function inferAt(where: string, instruction: AnyInstruction, operands: readonly TensorType[]): readonly TensorType[] {
  try {
    return infer(instruction.op, operands, instruction.attributes as OpAttributes[typeof instruction.op]);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return invalid(where, 'operands do not fit the op', problem, `(${formatTypes(operands)})`, error);
  }
}

function checkAliases(program: Program, path: string, types: readonly TensorType[]): void {
  const taken = new Set<number>();
  program.inputs.forEach(({ type, aliases }, i) => {
    if (aliases === undefined) return;
    const where = `${path}, input ${i}`;
    const output = program.outputs[aliases];
    if (output === undefined) {
      invalid(where, 'aliases no output', `an index below ${program.outputs.length}`, `${aliases}`);
    }
    if (!sameType(type, types[output]!)) {
      invalid(where, `aliases output ${aliases} of another type`, formatType(type), formatType(types[output]!));
    }
    if (taken.has(aliases)) invalid(where, 'shares its alias with another input', 'one input per output', `${aliases}`);
    taken.add(aliases);
  });
}
