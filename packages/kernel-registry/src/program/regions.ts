/** Regions of instructions, found through the op table. */

import { opTable } from '../op-table.js';
import type { AnyInstruction, Program } from '../program.js';

export interface NamedRegion {
  /** The attribute, with an index in a list: `body`, `branches[1]`. */
  readonly name: string;
  readonly program: Program;
}

type Attributes = { readonly [name: string]: unknown };

export function regionsOf(instruction: AnyInstruction): readonly NamedRegion[] {
  const names = opTable[instruction.op].regions;
  if (names.length === 0) return [];
  return names.flatMap((name): NamedRegion[] => {
    const value = (instruction.attributes as unknown as Attributes)[name] as Program | readonly Program[] | undefined;
    if (value === undefined) return [];
    if ('instructions' in value) return [{ name, program: value }];
    return value.map((program, i) => ({ name: `${name}[${i}]`, program }));
  });
}

/** The instruction's attributes with every region replaced; the same object when nothing changed. */
export function mapRegions<I extends AnyInstruction>(
  instruction: I,
  transform: (region: Program) => Program,
): I['attributes'] {
  let attributes = instruction.attributes as unknown as Attributes;
  for (const name of opTable[instruction.op].regions) {
    const value = attributes[name] as Program | readonly Program[] | undefined;
    if (value === undefined) continue;
    const mapped = 'instructions' in value ? transform(value) : mapList(value, transform);
    if (mapped !== value) attributes = { ...attributes, [name]: mapped };
  }
  return attributes as unknown as I['attributes'];
}

function mapList(programs: readonly Program[], transform: (region: Program) => Program): readonly Program[] {
  const mapped = programs.map(transform);
  return mapped.some((program, i) => program !== programs[i]) ? mapped : programs;
}
