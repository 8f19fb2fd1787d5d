/**
 * Chains that work on each row by itself, such as softmax and layer norm: a reduction of rows, what is computed from it and
 * the rows, the next reduction. All groups of a run are lowered with one row an item and become one step, which takes a
 * few rows through all its kernels while they are in cache. A late part.
 */

import { type AnyInstruction, type Shape, sizeOf, type ValueId } from '@ceratops/kernel-registry';
import { cutSpace } from './affine.js';
import type { Fusion } from './fusion.js';
import type { Group } from './grouping.js';
import { boundariesBelow } from './lower/boundaries.js';
import type { Blocking } from './lower/loops.js';
import { enoughItems } from './lower/reduction.js';
import { scalarOps } from './scalar-ops.js';
import { dependencies } from './schedule.js';

/** Shorter rows do not fill the vectors of a loop over one. */
const shortestRow = 16;
const mostGroups = 16;
/** How far behind its first group the others of a run are looked for. */
const farthest = 48;

/** Groups whose values have a row for each row of the others', computed from these alone. */
export interface RowRun {
  readonly rows: number;
  readonly groups: readonly number[];
  /** Values from before the run of which it reads other rows than the one that it works on. */
  readonly across: ReadonlySet<ValueId>;
  /** One row an item, where an element costs `cost`; undefined where no loop ends with a row. */
  blocks(extents: readonly number[], cost: number): Blocking | undefined;
}

export interface RowRuns {
  /** Group numbers in the order in which they run: those of a run one after the other. */
  readonly order: readonly number[];
  readonly runOf: ReadonlyMap<number, RowRun>;
}

export function rowRuns(fusion: Fusion, order: readonly number[]): RowRuns {
  if (!fusion.groups.some((group) => rowsReducedBy(fusion, group) !== undefined)) return { order, runOf: new Map() };
  const { needs } = dependencies(fusion);
  const overwriting = overwritingGroups(fusion);
  const placed = new Uint8Array(fusion.groups.length);
  const runOf = new Map<number, RowRun>();
  const runs = order.flatMap((first, at) => {
    if (placed[first] === 1) return [];
    const following = order.slice(at + 1, at + farthest).filter((group) => placed[group] === 0);
    const run = runFrom(fusion, first, following, { needs, placed, overwriting });
    for (const group of run?.groups ?? [first]) placed[group] = 1;
    for (const group of run?.groups ?? []) runOf.set(group, run!);
    return run?.groups ?? [first];
  });
  return { order: runs, runOf };
}

interface Surroundings {
  readonly needs: readonly (readonly number[])[];
  /** 1 for groups that run before. */
  readonly placed: Uint8Array;
  readonly overwriting: ReadonlySet<number>;
}

function runFrom(
  fusion: Fusion,
  first: number,
  following: readonly number[],
  { needs, placed, overwriting }: Surroundings,
): RowRun | undefined {
  const rows = rowsFrom(fusion, first, following, needs);
  if (rows === undefined) return undefined;
  const run = new GrowingRun(fusion, rows);
  if (!run.take(first)) return undefined;
  const reducesRows = (group: number): boolean => rowsReducedBy(fusion, fusion.groups[group]!) === rows;
  let skipped = false;
  for (const group of following) {
    const isNext = needs[group]!.some((need) => run.groups.includes(need)) || (!skipped && reducesRows(group));
    const isReady = needs[group]!.every((need) => placed[need] === 1 || run.groups.includes(need));
    // An output that takes over an input waits until the others have read it.
    const mayMove = !skipped || !overwriting.has(group);
    if (!(isNext && isReady && mayMove && run.take(group))) skipped = true;
    if (run.groups.length === mostGroups) break;
  }
  return run.groups.length > 1 ? run : undefined;
}

/** The rows of a run that begins with a group: those that it reduces, or that a reduction of its results does. */
function rowsFrom(
  fusion: Fusion,
  first: number,
  following: readonly number[],
  needs: Surroundings['needs'],
): number | undefined {
  const readers = following.slice(0, mostGroups).filter((group) => needs[group]!.includes(first));
  const rows = [first, ...readers].map((group) => rowsReducedBy(fusion, fusion.groups[group]!));
  return rows.find((count) => count !== undefined);
}

/** The number of rows, where a group reduces whole rows. */
function rowsReducedBy({ graph }: Fusion, { reductions }: Group): number | undefined {
  const [first] = reductions;
  if (first === undefined) return undefined;
  const { op, operands, attributes } = graph.program.instructions[first]!;
  if (op !== 'reduce') return undefined;
  const { shape } = graph.types[operands[0]!]!;
  const { dimensions } = attributes;
  const kept = shape.findIndex((extent, axis) => extent > 1 && dimensions.includes(axis));
  const isLast = shape.every((extent, axis) => extent === 1 || dimensions.includes(axis) === axis >= kept);
  const rows = sizeOf(shape.slice(0, Math.max(kept, 0)));
  // Fewer rows are reduced in parts.
  return isLast && rows >= enoughItems && sizeOf(shape) >= rows * shortestRow ? rows : undefined;
}

function overwritingGroups({ graph, groupOf, rootOf }: Fusion): Set<number> {
  const { inputs, outputs } = graph.program;
  const writers = inputs.flatMap(({ aliases }) => {
    const definition = aliases === undefined ? -1 : graph.definitions[rootOf(outputs[aliases]!)]!;
    return definition < 0 ? [] : [groupOf[definition]!];
  });
  return new Set(writers);
}

class GrowingRun implements RowRun {
  readonly rows: number;
  readonly groups: number[] = [];
  readonly across: Set<ValueId> = new Set();
  readonly #fusion: Fusion;

  constructor(fusion: Fusion, rows: number) {
    this.#fusion = fusion;
    this.rows = rows;
  }

  /** Adds a group, if each of its rows is computed from the same row of the run's values. */
  take(number: number): boolean {
    const group = this.#fusion.groups[number]!;
    if (!this.#hasRows(number, group)) return false;
    const reading = new Reading(this.#fusion, this, number);
    if (!group.members.every((member) => reading.instruction(member, true))) return false;
    for (const value of reading.across) this.across.add(value);
    this.groups.push(number);
    return true;
  }

  blocks(extents: readonly number[], cost: number): Blocking | undefined {
    const axis = lastAxisOfRows(extents, this.rows);
    if (axis === undefined) return undefined;
    const rowElements = sizeOf(extents) / this.rows;
    const costPerItem = Math.max(cost, 0.25) * rowElements;
    return { axis, block: 1, blocks: extents[axis]!, items: this.rows, costPerItem, rowElements, run: this };
  }

  #hasRows(number: number, group: Group): boolean {
    const { graph } = this.#fusion;
    if (group.special) return false;
    if (group.reductions.length > 0) return rowsReducedBy(this.#fusion, group) === this.rows;
    const values = group.members.map((member) => graph.first[member]!);
    const size = graph.sizes[values[0]!]!;
    if (size % this.rows !== 0) return false;
    const boundaries = boundariesBelow(this.#fusion, number, values).add(size / this.rows);
    return lastAxisOfRows(cutSpace(size, boundaries), this.rows) !== undefined;
  }
}

/** How one group of a run reads values: each the row that it works on, or others too. */
class Reading {
  readonly across: Set<ValueId> = new Set();
  readonly #fusion: Fusion;
  readonly #run: RowRun;
  readonly #group: number;
  /** Values that were seen: 1 by rows, 2 across them. */
  readonly #seen = new Map<ValueId, number>();

  constructor(fusion: Fusion, run: RowRun, group: number) {
    this.#fusion = fusion;
    this.#run = run;
    this.#group = group;
  }

  /** @returns false where a row of its results is computed from another row of the run's own. */
  instruction(number: number, byRow: boolean): boolean {
    const { graph } = this.#fusion;
    const instruction = graph.program.instructions[number]!;
    return instruction.operands.every((operand) =>
      this.#value(operand, byRow && this.#keepsRows(instruction, operand)),
    );
  }

  #value(value: ValueId, byRow: boolean): boolean {
    const mark = byRow ? 1 : 2;
    const seen = this.#seen.get(value) ?? 0;
    if ((seen & mark) !== 0) return true;
    this.#seen.set(value, seen | mark);
    const { graph, modes, groupOf } = this.#fusion;
    const definition = graph.definitions[value]!;
    if (definition < 0) return this.#stored(value, byRow);
    if (modes[definition] === 'inline' || modes[definition] === 'alias') return this.instruction(definition, byRow);
    // Members of one group meet at the same element.
    if (groupOf[definition] === this.#group) return byRow;
    return this.#stored(value, byRow);
  }

  #stored(value: ValueId, byRow: boolean): boolean {
    const { graph, groupOf } = this.#fusion;
    if (byRow) return true;
    this.across.add(value);
    const definition = graph.definitions[value]!;
    return definition < 0 || !this.#run.groups.includes(groupOf[definition]!);
  }

  /** Whether a row of the result is computed from that row of the operand. */
  #keepsRows({ op, results, attributes }: AnyInstruction, operand: ValueId): boolean {
    const { graph } = this.#fusion;
    const { shape } = graph.types[operand]!;
    const size = graph.sizes[operand]!;
    if (op === 'reduce') return size >= this.#run.rows;
    if (op === 'broadcast_in_dim')
      return this.#repeatsWithinRows(shape, results[0]!.shape, attributes.broadcastDimensions);
    return (scalarOps.has(op) || op === 'reshape') && size === sizeOf(results[0]!.shape) && size % this.#run.rows === 0;
  }

  /** The dimensions of the rows are the operand's first ones too. */
  #repeatsWithinRows(from: Shape, to: Shape, dimensions: readonly number[]): boolean {
    const last = lastAxisOfRows(to, this.#run.rows);
    if (last === undefined) return false;
    const outer = to.flatMap((extent, axis) => (axis <= last && extent !== 1 ? [axis] : []));
    const kept = dimensions.filter((_, axis) => from[axis] !== 1);
    return outer.every((axis, at) => kept[at] === axis);
  }
}

/** The axis up to which extents multiply to `rows`. */
function lastAxisOfRows(extents: readonly number[], rows: number): number | undefined {
  let product = 1;
  for (let axis = 0; axis < extents.length && product < rows; axis++) {
    product *= extents[axis]!;
    if (product === rows) return axis;
  }
  return undefined;
}
