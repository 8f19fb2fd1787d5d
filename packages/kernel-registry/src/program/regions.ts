/** Regions of instructions. */

import type { OpName } from '../opset.js';
import type { AnyInstruction, Program } from '../program.js';

/** Attributes that hold a region, a list of regions, or regions among other data. */
export const regionAttributes: { readonly [O in OpName]?: readonly string[] } = {
  scatter: ['body'],
  reduce: ['body'],
  reduce_window: ['body'],
  select_and_scatter: ['select', 'scatter'],
  sort: ['comparator'],
  while: ['condition', 'body'],
  case: ['branches'],
  composite: ['decomposition', 'attributes'],
};

export interface NamedRegion {
  /** The attribute, with an index in a list: `body`, `branches[1]`. */
  readonly name: string;
  readonly program: Program;
}

type Attributes = { readonly [name: string]: unknown };
type Holder = Program | readonly Program[] | Attributes;

function isProgram(value: unknown): value is Program {
  return typeof value === 'object' && value !== null && 'instructions' in value;
}

function isList(value: Holder): value is readonly Program[] {
  return Array.isArray(value);
}

export function regionsOf(instruction: AnyInstruction): readonly NamedRegion[] {
  const names = regionAttributes[instruction.op];
  if (names === undefined) return [];
  return names.flatMap((name): NamedRegion[] => {
    const value = (instruction.attributes as unknown as Attributes)[name] as Holder | undefined;
    if (value === undefined) return [];
    if (isProgram(value)) return [{ name, program: value }];
    if (isList(value)) return value.map((program, i) => ({ name: `${name}[${i}]`, program }));
    return Object.entries(value).flatMap(([key, entry]) =>
      isProgram(entry) ? [{ name: `${name}.${key}`, program: entry }] : [],
    );
  });
}

/** The instruction's attributes with every region replaced; the same object when nothing changed. */
export function mapRegions<I extends AnyInstruction>(
  instruction: I,
  transform: (region: Program) => Program,
): I['attributes'] {
  let attributes = instruction.attributes as unknown as Attributes;
  for (const name of regionAttributes[instruction.op] ?? []) {
    const value = attributes[name] as Holder | undefined;
    if (value === undefined) continue;
    const mapped = mapHolder(value, transform);
    if (mapped !== value) attributes = { ...attributes, [name]: mapped };
  }
  return attributes as unknown as I['attributes'];
}

function mapHolder(value: Holder, transform: (region: Program) => Program): Holder {
  if (isProgram(value)) return transform(value);
  if (isList(value)) return mapList(value, transform);
  let fields = value;
  for (const [key, entry] of Object.entries(value)) {
    const mapped = isProgram(entry) ? transform(entry) : entry;
    if (mapped !== entry) fields = { ...fields, [key]: mapped };
  }
  return fields;
}

function mapList(programs: readonly Program[], transform: (region: Program) => Program): readonly Program[] {
  const mapped = programs.map(transform);
  return mapped.some((program, i) => program !== programs[i]) ? mapped : programs;
}
