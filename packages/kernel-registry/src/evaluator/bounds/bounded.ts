/** Values with a bound of the error of every element, and the shape of the rules over them. */

import { isFloating } from '../../dtype.js';
import type { OpAttributes, OpName } from '../../opset.js';
import type { Program } from '../../program.js';
import type { TensorType } from '../../tensor-type.js';
import type { Context } from '../context.js';
import { createTensor, type Tensor } from '../tensor.js';

export interface Bounded {
  /** What would come out if floats were real numbers. */
  readonly value: Tensor;
  /** float64, of the value's shape. 0: the very value. Infinity: nothing is known; so for all integers and bools but 0. */
  readonly error: Tensor;
}

export interface BoundCall<O extends OpName> {
  readonly operands: readonly Bounded[];
  readonly attributes: OpAttributes[O];
  readonly results: readonly TensorType[];
  /** The results' values; computed when asked for. */
  readonly values: readonly Tensor[];
}

export interface BoundContext {
  /** Of an evaluator that does not round. */
  readonly evaluate: Context;
  run(program: Program, inputs: readonly Bounded[]): Bounded[];
}

/** The errors of an op's results. */
export type ErrorRule<O extends OpName> = (call: BoundCall<O>, context: BoundContext) => Tensor[];

/** The same shape in float64. */
export function errorType({ shape }: TensorType): TensorType {
  return { dtype: 'float64', shape };
}

export function filledErrors(type: TensorType, error: number): Tensor {
  const tensor = createTensor(errorType(type));
  if (error !== 0) (tensor.data as Float64Array).fill(error);
  return tensor;
}

export const unknownErrors: (types: readonly TensorType[]) => Tensor[] = (types) =>
  types.map((type) => filledErrors(type, Number.POSITIVE_INFINITY));

/** A float64 tensor made element by element. */
export function mapElements(like: TensorType, element: (index: number) => number): Tensor {
  const tensor = createTensor(errorType(like));
  for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = element(i);
  return tensor;
}

export function numbersOf({ data }: Tensor): Float64Array {
  return data as Float64Array;
}

export function isExact({ error }: Bounded): boolean {
  return numbersOf(error).every((x) => x === 0);
}

export function isFloat({ value }: Bounded): boolean {
  return isFloating(value.type.dtype);
}

/** The largest magnitude that each element may have. */
export function magnitudes({ value, error }: Bounded): Tensor {
  return mapElements(value.type, (i) => Math.abs(Number(value.data[i])) + numbersOf(error)[i]!);
}
