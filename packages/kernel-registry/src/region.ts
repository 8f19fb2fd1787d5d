/** The small scalar programs that reduce, scatter, sort and pooling take, made once and recognised by structure. */

import { type DType, dtypes } from './dtype.js';
import { highestValue, lowestValue, type Scalar } from './limits.js';
import { type BinaryOp, type ComparisonDirection, commutativeOps } from './opset.js';
import type { AnyInstruction, Program } from './program.js';
import { tensorType } from './tensor-type.js';

export type ReducerOp = 'add' | 'multiply' | 'maximum' | 'minimum' | 'and' | 'or' | 'xor';

const cache: Map<string, Program> = new Map();

/** One program a key. */
export function cachedRegion(key: string, make: () => Program): Program {
  let program = cache.get(key);
  if (program === undefined) cache.set(key, (program = make()));
  return program;
}

/** (a, b) → op(a, b) on scalars of a dtype. The same arguments give the same object. */
export function scalarRegion(dtype: DType, op: BinaryOp): Program {
  return cachedRegion(`${op} ${dtype}`, () => {
    const type = tensorType(dtype, []);
    const instruction: AnyInstruction = { op, operands: [0, 1], attributes: {}, results: [type] };
    return { name: op, inputs: [{ type }, { type }], instructions: [instruction], outputs: [2] };
  });
}

/** (a0, b0, a1, b1, …) → compare(a0, b0): sorts by the first operand, carrying the others. */
export function comparatorRegion(operands: readonly DType[], direction: ComparisonDirection): Program {
  return cachedRegion(`${direction} ${operands.join(' ')}`, () => ({
    name: direction.toLowerCase(),
    inputs: operands.flatMap((dtype) => [{ type: tensorType(dtype, []) }, { type: tensorType(dtype, []) }]),
    instructions: [{ op: 'compare', operands: [0, 1], attributes: { direction }, results: [tensorType('bool', [])] }],
    outputs: [operands.length * 2],
  }));
}

/** The value that changes nothing under a reducer. */
export function identityOf(op: ReducerOp, dtype: DType): Scalar {
  const { kind, bits } = dtypes[dtype];
  switch (op) {
    case 'maximum':
      return lowestValue(dtype);
    case 'minimum':
      return highestValue(dtype);
    case 'multiply':
      return bits === 64 && kind !== 'float' && kind !== 'complex' ? 1n : 1;
    case 'and':
      return kind === 'int' ? (bits === 64 ? -1n : -1) : highestValue(dtype);
    default:
      return bits === 64 && kind !== 'float' && kind !== 'complex' ? 0n : 0;
  }
}

/** The binary op that a region is, if it is nothing else; operand order is free where the op commutes. */
export function reducerKind(region: Program): ReducerOp | undefined {
  const [instruction] = region.instructions;
  if (region.instructions.length !== 1 || region.inputs.length !== 2 || instruction === undefined) return undefined;
  const { op, operands } = instruction;
  const usesBoth = operands.length === 2 && operands[0]! + operands[1]! === 1;
  const returnsIt = region.outputs.length === 1 && region.outputs[0] === 2;
  return commutativeOps.has(op) && usesBoth && returnsIt ? (op as ReducerOp) : undefined;
}
