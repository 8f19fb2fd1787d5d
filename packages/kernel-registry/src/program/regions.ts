/** Regions of instructions. */

import type { OpName } from '../opset.js';
import type { AnyInstruction, Program } from '../program.js';

/** Attributes that hold a region or a list of regions. */
export const regionAttributes: { readonly [O in OpName]?: readonly string[] } = {
  scatter: ['body'],
  reduce: ['body'],
  reduce_window: ['body'],
  select_and_scatter: ['select', 'scatter'],
  sort: ['comparator'],
  while: ['condition', 'body'],
  case: ['branches'],
  composite: ['decomposition'],
};

export interface NamedRegion {
  /** The attribute, with an index in a list: `body`, `branches[1]`. */
  readonly name: string;
  readonly program: Program;
}

type Attributes = { readonly [name: string]: unknown };

export function regionsOf(instruction: AnyInstruction): readonly NamedRegion[] {
  const names = regionAttributes[instruction.op];
  if (names === undefined) return [];
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
  for (const name of regionAttributes[instruction.op] ?? []) {
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
