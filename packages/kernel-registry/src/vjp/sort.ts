/** Reverse mode of sort: the forward pass also sorts the positions, and the way back scatters by them. */

import type { Emitter, Value } from '../builder.js';
import type { DType } from '../dtype.js';
import * as emit from '../emit/index.js';
import type { ScatterAttributes } from '../opset.js';
import type { Program, ProgramInput } from '../program.js';
import { scalarRegion } from '../region.js';
import { tensorType } from '../tensor-type.js';
import type { VjpRule, VjpRules } from './rule.js';
import { zerosOf } from './support.js';

const positionDType: DType = 'int32';

const sort: VjpRule<'sort'> = {
  kind: 'own',
  forward: ({ emitter: e, operands, attributes }) => {
    const { shape } = operands[0]!.type;
    const positions = emit.iota(e, { dtype: positionDType, shape }, attributes.dimension);
    const { dimension, comparator, isStable } = attributes;
    const sorted = emit.sort(e, [...operands, positions], dimension, withCarried(comparator), isStable);
    return { results: sorted.slice(0, -1), residuals: sorted.slice(-1) };
  },
  vjp: ({ emitter: e, operands, residuals, cotangents, needed, attributes }) =>
    operands.map((operand, i) => {
      const cotangent = cotangents[i];
      if (cotangent === undefined || !needed[i]) return undefined;
      return putBack(e, cotangent, residuals[0]!, operand, attributes.dimension);
    }),
};

/** The comparator with two more arguments, which it ignores; its instructions' values move up by two. */
function withCarried(comparator: Program): Program {
  const count = comparator.inputs.length;
  const carried: ProgramInput = { type: tensorType(positionDType, []) };
  const moved = (id: number): number => (id < count ? id : id + 2);
  return {
    ...comparator,
    inputs: [...comparator.inputs, carried, carried],
    instructions: comparator.instructions.map((instruction) => ({
      ...instruction,
      operands: instruction.operands.map(moved),
    })),
    outputs: comparator.outputs.map(moved),
  };
}

/** Element j of the cotangent goes to position `positions[j]` along the dimension. */
function putBack(e: Emitter, cotangent: Value, positions: Value, operand: Value, dimension: number): Value {
  const batching = operand.type.shape.map((_, axis) => axis).filter((axis) => axis !== dimension);
  const attributes: ScatterAttributes = {
    updateWindowDims: [],
    insertedWindowDims: [dimension],
    inputBatchingDims: batching,
    scatterIndicesBatchingDims: batching,
    scatterDimsToOperandDims: [dimension],
    indexVectorDim: operand.type.shape.length,
    indicesAreSorted: false,
    uniqueIndices: true,
    body: scalarRegion(cotangent.type.dtype, 'add'),
  };
  return emit.scatter(e, [zerosOf(e, operand.type)], positions, [cotangent], attributes)[0]!;
}

export const sortVjp: VjpRules<'sort'> = { sort };
