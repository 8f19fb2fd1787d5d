/** Groups around a reduction: what feeds it is computed in its loops, what follows it at the same element after them. */

import { type Instruction, type Program, reducerKind, type Shape } from '@ceratops/kernel-registry';
import { type Affine, cutSpace, zero } from '../affine.js';
import type { Group } from '../grouping.js';
import { boundariesBelow } from './boundaries.js';
import type { LoweringContext } from './context.js';
import { emitRegion } from './elementwise.js';
import { linear } from './loops.js';
import { costOfMembers, nameOf } from './map.js';
import { type FoldState, lowerReduction, type Reduction } from './reduction.js';

interface LoopDimension {
  readonly extent: number;
  readonly reduced: boolean;
}

export function lowerReduce(context: LoweringContext, group: Group, number: number): void {
  const { graph } = context.fusion;
  const reductions = group.reductions.map((i) => graph.program.instructions[i] as Instruction<'reduce'>);
  const results = group.reductions.flatMap((i, r) => reductions[r]!.results.map((_, k) => graph.first[i]! + k));
  if (graph.sizes[results[0]!] === 0) return;
  const dimensions = loopDimensions(context, group, number, reductions);
  const kept = dimensions.filter((dimension) => !dimension.reduced).map(({ extent }) => extent);
  const reduced = dimensions.filter((dimension) => dimension.reduced).map(({ extent }) => extent);
  const elements = reductions.flatMap(({ operands }) => operands.slice(0, operands.length / 2));
  const initials = reductions.flatMap(({ operands }) => operands.slice(operands.length / 2));
  const vector = kept.length > 0 && dimensions.at(-1)?.reduced !== true ? 'kept' : 'reduced';
  const reduction: Reduction = {
    name: nameOf(context, group),
    group: number,
    kept,
    reduced,
    empty: graph.sizes[elements[0]!] === 0,
    vector,
    cost:
      elements.reduce((sum, value) => sum + 1 + context.inlineCost(value), 0) +
      costOfMembers(context, group) / Math.max(1, product(reduced)),
    states: reductions.flatMap(foldStates),
    initial: (emitter) => initials.map((value) => emitter.value(value, zero)),
    element: (emitter, keptAt, reducedAt) => {
      const index = interleaved(dimensions, keptAt, reducedAt);
      return elements.map((value) => emitter.value(value, index));
    },
    fold: (emitter, accumulators, values) => foldRegions(reductions, emitter.builder, accumulators, values),
    finish: (emitter, keptAt, operands) => {
      const index = linear(keptAt, kept);
      results.forEach((value, i) => {
        emitter.define(value, index, operands[i]!);
      });
      const others = group.members.filter((member) => !group.reductions.includes(member));
      const values = [...results, ...others.map((member) => graph.first[member]!)];
      const computed = values.map((value) => emitter.value(value, index));
      values.forEach((value, i) => {
        if (context.fusion.stored[value] === 1) emitter.store(value, index, computed[i]!);
      });
    },
  };
  lowerReduction(context, reduction);
}

export function foldStates({ results, attributes }: Instruction<'reduce' | 'reduce_window'>): FoldState[] {
  const op = reducerKind(attributes.body);
  return results.map(({ dtype }) => ({ dtype, op: results.length === 1 ? op : undefined }));
}

function foldRegions(
  reductions: readonly { readonly attributes: { readonly body: Program }; readonly results: readonly unknown[] }[],
  builder: Parameters<typeof emitRegion>[0],
  accumulators: Parameters<typeof emitRegion>[2],
  elements: Parameters<typeof emitRegion>[2],
): ReturnType<typeof emitRegion> {
  let at = 0;
  return reductions.flatMap(({ attributes, results }) => {
    const end = at + results.length;
    const operands = [...accumulators.slice(at, end), ...elements.slice(at, end)];
    at = end;
    return emitRegion(builder, attributes.body, operands);
  });
}

function product(extents: readonly number[]): number {
  return extents.reduce((a, b) => a * b, 1);
}

/** The loops over the operand, outermost first: runs of kept and of reduced axes, cut where views below ask for it. */
function loopDimensions(
  context: LoweringContext,
  group: Group,
  number: number,
  reductions: readonly Instruction<'reduce'>[],
): LoopDimension[] {
  const { fusion } = context;
  const { operands, attributes } = reductions[0]!;
  const runs = axisRuns(fusion.graph.types[operands[0]!]!.shape, attributes.dimensions);
  const elements = reductions.flatMap(({ operands: all }) => all.slice(0, all.length / 2));
  const within = boundariesBelow(fusion, number, elements);
  const others = group.members.filter((member) => !group.reductions.includes(member));
  const after = boundariesBelow(
    fusion,
    number,
    others.map((member) => fusion.graph.first[member]!),
  );
  const dimensions: LoopDimension[] = [];
  let inner = 1;
  let innerKept = 1;
  for (let run = runs.length - 1; run >= 0; run--) {
    const { extent, reduced } = runs[run]!;
    const cuts = new Set(localCuts(within, inner, extent));
    if (!reduced) for (const cut of localCuts(after, innerKept, extent)) cuts.add(cut);
    const extents = cutSpace(extent, cuts);
    dimensions.unshift(...extents.map((part) => ({ extent: part, reduced })));
    inner *= extent;
    if (!reduced) innerKept *= extent;
  }
  return dimensions;
}

/** Cuts that fall into one run of axes, relative to it. */
function localCuts(boundaries: ReadonlySet<number>, inner: number, extent: number): number[] {
  const cuts: number[] = [];
  for (const boundary of boundaries) {
    if (boundary > inner && boundary < inner * extent && boundary % inner === 0) cuts.push(boundary / inner);
  }
  return cuts;
}

function axisRuns(shape: Shape, reducedAxes: readonly number[]): LoopDimension[] {
  const runs: { extent: number; reduced: boolean }[] = [];
  shape.forEach((extent, axis) => {
    if (extent === 1) return;
    const reduced = reducedAxes.includes(axis);
    const last = runs.at(-1);
    if (last?.reduced === reduced) last.extent *= extent;
    else runs.push({ extent, reduced });
  });
  return runs;
}

/** The linear index in the operand. */
function interleaved(
  dimensions: readonly LoopDimension[],
  kept: readonly Affine[],
  reduced: readonly Affine[],
): Affine {
  let k = 0;
  let r = 0;
  const coordinates = dimensions.map((dimension) => (dimension.reduced ? reduced[r++]! : kept[k++]!));
  return linear(
    coordinates,
    dimensions.map(({ extent }) => extent),
  );
}
