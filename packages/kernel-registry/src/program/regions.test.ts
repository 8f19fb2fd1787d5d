import { expect, it } from 'vitest';
import { opNames, opTable } from '../op-table.js';
import type { AnyInstruction } from '../program.js';
import { samples } from '../text/test-support/samples.js';
import { mapRegions, regionsOf } from './regions.js';

/** Programs among the attributes, found by looking at every value. */
function programsIn({ attributes }: AnyInstruction): unknown[] {
  const isProgram = (value: unknown): boolean => typeof value === 'object' && value !== null && 'instructions' in value;
  return Object.values(attributes).flat().filter(isProgram);
}

it.each(opNames)('finds every region of %s', (op) => {
  const instructions = samples[op].flatMap((program) => program.instructions).filter((found) => found.op === op);
  expect(instructions.length).toBeGreaterThan(0);
  for (const instruction of instructions) {
    const programs = programsIn(instruction);
    expect(new Set(regionsOf(instruction).map(({ program }) => program))).toEqual(new Set(programs));
    const renamed = mapRegions(instruction, (region) => ({ ...region, name: 'renamed' }));
    const names = programsIn({ ...instruction, attributes: renamed } as AnyInstruction).map(
      (program) => (program as { readonly name: string }).name,
    );
    expect(names).toEqual(programs.map(() => 'renamed'));
    if (programs.length > 0) expect(opTable[op].regions.length).toBeGreaterThan(0);
  }
});
