/** Rewrites of ops that only late parts lower; see `LateParts`. */

import { type AnyInstruction, type Program, type Scalar, sameShape, type ValueId } from '@ceratops/kernel-registry';
import { placeOfExtreme } from './place-of-extreme.js';
import type { Rewriter, Rule } from './rewriter.js';
import { viewOfSplat } from './views.js';

type Of<O extends AnyInstruction['op']> = AnyInstruction & { readonly op: O };

function concatenateOne(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'concatenate'>;
  const full = operands.filter((operand) => rewriter.typeOf(operand).shape[attributes.dimension] !== 0);
  if (full.length === 1) return full[0];
  const usable = full.length > 0 && full.length < operands.length;
  return usable ? rewriter.emit('concatenate', full, attributes, results) : undefined;
}

/** The constant start indices of a dynamic op, clamped; undefined when some are not known. */
function knownStarts(
  rewriter: Rewriter,
  starts: readonly ValueId[],
  shape: readonly number[],
  sizes: readonly number[],
): number[] | undefined {
  const scalars = starts.map((start): Scalar | undefined => rewriter.splatOf(start));
  if (scalars.some((scalar) => scalar === undefined)) return undefined;
  return scalars.map((scalar, axis) => Math.max(0, Math.min(Number(scalar), shape[axis]! - sizes[axis]!)));
}

function sliceAtConstants(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'dynamic_slice'>;
  const [operand, ...starts] = operands as [ValueId, ...ValueId[]];
  const { shape } = rewriter.typeOf(operand);
  const { sliceSizes } = attributes;
  if (sameShape(shape, sliceSizes)) return operand;
  const startIndices = knownStarts(rewriter, starts, shape, sliceSizes);
  if (startIndices === undefined) return undefined;
  const limitIndices = startIndices.map((start, axis) => start + sliceSizes[axis]!);
  return rewriter.emit('slice', [operand], { startIndices, limitIndices, strides: shape.map(() => 1) }, results);
}

function updateAll(rewriter: Rewriter, { operands }: AnyInstruction): ValueId | undefined {
  const [operand, update] = operands as [ValueId, ValueId];
  return sameShape(rewriter.typeOf(operand).shape, rewriter.typeOf(update).shape) ? update : undefined;
}

function mergeReverses(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'reverse'>;
  const { shape } = results[0]!;
  const dimensions = attributes.dimensions.filter((axis) => shape[axis]! > 1);
  if (dimensions.length === 0) return operands[0];
  const inner = rewriter.definedBy(operands[0]!, 'reverse');
  if (inner === undefined) return undefined;
  const others = inner.attributes.dimensions;
  const once = [
    ...dimensions.filter((axis) => !others.includes(axis)),
    ...others.filter((axis) => !attributes.dimensions.includes(axis)),
  ];
  return rewriter.emit('reverse', [inner.operands[0]!], { dimensions: once.sort((a, b) => a - b) }, results);
}

interface Part {
  readonly value: ValueId;
  readonly axis: number;
  readonly start: number;
  readonly size: number;
}

/** What a pad puts where along its one axis; undefined unless all around is zero. */
function partOf(rewriter: Rewriter, { operands, attributes, results }: Of<'pad'>): Part | undefined {
  const { low, high, interior } = attributes;
  const [value, padding] = operands as [ValueId, ValueId];
  const { shape } = rewriter.typeOf(value);
  const padded = shape.flatMap((size, axis) => (size === results[0]!.shape[axis] ? [] : [axis]));
  const [axis] = padded;
  if (axis === undefined || padded.length > 1 || Number(rewriter.splatOf(padding)) !== 0) return undefined;
  const isPlain = [...low, ...high].every((edge) => edge >= 0) && interior.every((holes) => holes === 0);
  return isPlain ? { value, axis, start: low[axis]!, size: shape[axis]! } : undefined;
}

/**
 * A sum of pads whose parts lie side by side, and leave nothing between them, as a concatenation: what the gradient of taking
 * something apart looks like.
 */
function sumOfPads(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  if (rewriter.definedBy(operands[1]!, 'pad') === undefined) return undefined;
  const parts: Part[] = [];
  const pending = [...operands];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const pad = rewriter.definedBy(id, 'pad');
    const part = pad === undefined ? undefined : partOf(rewriter, pad);
    if (part !== undefined) parts.push(part);
    else {
      const sum = rewriter.definedBy(id, 'add');
      if (sum === undefined) return undefined;
      pending.push(...sum.operands);
    }
  }
  parts.sort((a, b) => a.start - b.start);
  const { axis } = parts[0]!;
  let end = 0;
  for (const part of parts) {
    if (part.axis !== axis || part.start !== end) return undefined;
    end += part.size;
  }
  if (end !== results[0]!.shape[axis]) return undefined;
  return rewriter.emit(
    'concatenate',
    parts.map(({ value }) => value),
    { dimension: axis },
    results,
  );
}

export const lateRules: readonly Rule[] = [
  // sum of pads → concatenate
  { ops: ['add'], rewrite: sumOfPads },
  // view of splat → splat
  { ops: ['reverse'], constant: true, rewrite: viewOfSplat },
  // reverse ∘ reverse
  { ops: ['reverse'], rewrite: mergeReverses },
  // concatenate of one
  { ops: ['concatenate'], rewrite: concatenateOne },
  // reduce to the place of an extreme → two reductions
  { ops: ['reduce'], constant: true, rewrite: placeOfExtreme },
  // dynamic_slice at constants → slice
  { ops: ['dynamic_slice'], rewrite: sliceAtConstants },
  // dynamic_update_slice of all
  { ops: ['dynamic_update_slice'], rewrite: updateAll },
];

/** Values behind a barrier are its operands from here on; fusion looks after recomputation itself. */
export function withoutBarriers(program: Program): Program {
  const renamed: ValueId[] = program.inputs.map((_, i) => i);
  const instructions: AnyInstruction[] = [];
  let next = program.inputs.length;
  for (const instruction of program.instructions) {
    const operands = instruction.operands.map((id) => renamed[id]!);
    if (instruction.op === 'optimization_barrier') renamed.push(...operands);
    else {
      instructions.push({ ...instruction, operands } as AnyInstruction);
      for (const _ of instruction.results) renamed.push(next++);
    }
  }
  return { ...program, instructions, outputs: program.outputs.map((id) => renamed[id]!) };
}
