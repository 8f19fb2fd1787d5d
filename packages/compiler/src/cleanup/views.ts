/** Rewrites of views and of ops that can take a view into their own attributes. */

import {
  type AnyInstruction,
  type Instruction,
  identityOf,
  reducerKind,
  sameShape,
  sameType,
  type ValueId,
} from '@ceratops/kernel-registry';
import type { Rewriter, Rule } from './rewriter.js';

type Of<O extends AnyInstruction['op']> = AnyInstruction & { readonly op: O };

/** A view of a splat is a splat. */
export function viewOfSplat(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  const constant = rewriter.definedBy(operands[0]!, 'constant')?.attributes.value;
  if (constant === undefined || rewriter.splatOf(operands[0]!) === undefined) return undefined;
  const { dtype, shape } = results[0]!;
  return rewriter.constant({ type: { dtype, shape }, data: constant.data });
}

function mergeReshapes(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  const [operand] = operands as [ValueId];
  if (sameShape(rewriter.typeOf(operand).shape, results[0]!.shape)) return operand;
  const inner = rewriter.definedBy(operand, 'reshape');
  return inner === undefined ? undefined : emitReshape(rewriter, inner.operands[0]!, results[0]!.shape);
}

function isIncreasing(axes: readonly number[]): boolean {
  return axes.every((axis, i) => i === 0 || axis > axes[i - 1]!);
}

function emitReshape(rewriter: Rewriter, operand: ValueId, shape: readonly number[]): ValueId {
  const { dtype } = rewriter.typeOf(operand);
  return rewriter.emit('reshape', [operand], { shape }, [{ dtype, shape }]);
}

function mergeTransposes(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'transpose'>;
  const { permutation } = attributes;
  const operand = operands[0]!;
  if (permutation.every((axis, i) => axis === i)) return operand;
  const { shape } = rewriter.typeOf(operand);
  const moved = permutation.filter((axis) => shape[axis] !== 1);
  if (isIncreasing(moved)) {
    return emitReshape(rewriter, operand, results[0]!.shape);
  }
  const inner = rewriter.definedBy(operand, 'transpose');
  if (inner === undefined) return undefined;
  const composed = permutation.map((axis) => inner.attributes.permutation[axis]!);
  return rewriter.emit('transpose', [inner.operands[0]!], { permutation: composed }, results);
}

function mergeBroadcasts(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'broadcast_in_dim'>;
  const { shape, broadcastDimensions } = attributes;
  const operand = operands[0]!;
  const own = rewriter.typeOf(operand).shape;
  const others = shape.filter((_, dimension) => !broadcastDimensions.includes(dimension));
  const keeps = broadcastDimensions.every((dimension, axis) => shape[dimension] === own[axis]);
  if (isIncreasing(broadcastDimensions) && keeps && others.every((size) => size === 1))
    return emitReshape(rewriter, operand, shape);
  const inner = rewriter.definedBy(operand, 'broadcast_in_dim');
  if (inner === undefined) return undefined;
  const composed = inner.attributes.broadcastDimensions.map((dimension) => broadcastDimensions[dimension]!);
  return rewriter.emit('broadcast_in_dim', [inner.operands[0]!], { shape, broadcastDimensions: composed }, results);
}

function mergeSlices(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'slice'>;
  const operand = operands[0]!;
  if (sameShape(rewriter.typeOf(operand).shape, results[0]!.shape)) return operand;
  const inner = rewriter.definedBy(operand, 'slice');
  if (inner === undefined) return undefined;
  const { startIndices, strides } = inner.attributes;
  const place = (axis: number, index: number): number => startIndices[axis]! + index * strides[axis]!;
  return rewriter.emit(
    'slice',
    [inner.operands[0]!],
    {
      startIndices: attributes.startIndices.map((index, axis) => place(axis, index)),
      // The last element that is taken, and one more.
      limitIndices: attributes.limitIndices.map(
        (index, axis) => place(axis, Math.max(index - 1, 0)) + (index > 0 ? 1 : 0),
      ),
      strides: attributes.strides.map((stride, axis) => stride * strides[axis]!),
    },
    results,
  );
}

function padNothing(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'pad'>;
  const [operand, padding] = operands as [ValueId, ValueId];
  const type = rewriter.typeOf(operand);
  const { low, high } = attributes;
  if (sameType(type, results[0]!) && low.every((size) => size === 0) && high.every((size) => size === 0)) {
    return operand;
  }
  const value = rewriter.splatOf(padding);
  return value !== undefined && Object.is(rewriter.splatOf(operand), value)
    ? rewriter.fill(results[0]!, value)
    : undefined;
}

/** The sum over axes of size 1, from the identity, is a reshape. */
function reduceNothing(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Instruction<'reduce'>;
  const op = reducerKind(attributes.body);
  if (op === undefined || operands.length !== 2) return undefined;
  const { shape, dtype } = rewriter.typeOf(operands[0]!);
  if (attributes.dimensions.some((axis) => shape[axis] !== 1)) return undefined;
  const initial = rewriter.splatOf(operands[1]!);
  return initial === identityOf(op, dtype) ? emitReshape(rewriter, operands[0]!, results[0]!.shape) : undefined;
}

/** A reduction of a transposed value that keeps its axes in order reduces the value itself. */
function reduceTransposed(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Instruction<'reduce'>;
  if (reducerKind(attributes.body) === undefined || operands.length !== 2) return undefined;
  const inner = rewriter.definedBy(operands[0]!, 'transpose');
  if (inner === undefined) return undefined;
  const { permutation } = inner.attributes;
  const kept = permutation.filter((_, axis) => !attributes.dimensions.includes(axis));
  if (!isIncreasing(kept)) return undefined;
  const dimensions = attributes.dimensions.map((axis) => permutation[axis]!).sort((a, b) => a - b);
  return rewriter.emit('reduce', [inner.operands[0]!, operands[1]!], { ...attributes, dimensions }, results);
}

/** A dot takes transposes of its operands into its dimension numbers, where free axes keep their order. */
function dotOfTransposed(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'dot_general'>;
  const [lhs, rhs] = operands as [ValueId, ValueId];
  const left = untransposed(rewriter, lhs, attributes.lhsBatchingDimensions, attributes.lhsContractingDimensions);
  const right = untransposed(rewriter, rhs, attributes.rhsBatchingDimensions, attributes.rhsContractingDimensions);
  if (left === undefined && right === undefined) return undefined;
  const changed = {
    ...attributes,
    ...(left && { lhsBatchingDimensions: left.batching, lhsContractingDimensions: left.contracting }),
    ...(right && { rhsBatchingDimensions: right.batching, rhsContractingDimensions: right.contracting }),
  };
  return rewriter.emit('dot_general', [left?.operand ?? lhs, right?.operand ?? rhs], changed, results);
}

function untransposed(
  rewriter: Rewriter,
  operand: ValueId,
  batching: readonly number[],
  contracting: readonly number[],
): { operand: ValueId; batching: number[]; contracting: number[] } | undefined {
  const inner = rewriter.definedBy(operand, 'transpose');
  if (inner === undefined) return undefined;
  const { permutation } = inner.attributes;
  const free = permutation.filter((_, axis) => !batching.includes(axis) && !contracting.includes(axis));
  if (!isIncreasing(free)) return undefined;
  const source = (axis: number): number => permutation[axis]!;
  return { operand: inner.operands[0]!, batching: batching.map(source), contracting: contracting.map(source) };
}

export const viewRules: readonly Rule[] = [
  // view of splat → splat
  {
    ops: ['reshape', 'transpose', 'broadcast_in_dim', 'slice'],
    constant: true,
    rewrite: viewOfSplat,
  },
  // reshape ∘ reshape
  { ops: ['reshape'], rewrite: mergeReshapes },
  // transpose ∘ transpose
  { ops: ['transpose'], rewrite: mergeTransposes },
  // broadcast ∘ broadcast
  { ops: ['broadcast_in_dim'], rewrite: mergeBroadcasts },
  // slice ∘ slice
  { ops: ['slice'], rewrite: mergeSlices },
  // pad by nothing or with its own value
  { ops: ['pad'], rewrite: padNothing },
  // reduce of single elements → reshape
  { ops: ['reduce'], rewrite: reduceNothing },
  // reduce ∘ transpose
  { ops: ['reduce'], rewrite: reduceTransposed },
  // dot_general ∘ transpose
  { ops: ['dot_general'], rewrite: dotOfTransposed },
];
