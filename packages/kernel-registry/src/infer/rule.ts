/** The shape of a type rule, and the checks that rules share. */

import { type DTypeKind, dtypes } from '../dtype.js';
import { CeratopsError, type ErrorCode } from '../errors.js';
import type { OpAttributes, OpName } from '../opset.js';
import { type Program, valueTypes } from '../program.js';
import { formatType, type Shape, sameType, type TensorType, tensorType } from '../tensor-type.js';

/** Result types of an op for given operand types and attributes; throws a CeratopsError when they do not fit. */
export type InferRule<O extends OpName> = (
  operands: readonly TensorType[],
  attributes: OpAttributes[O],
) => readonly TensorType[];

/** Rules of some ops, by name. */
export type InferRules<K extends OpName = OpName> = { readonly [O in K]: InferRule<O> };

export function formatTypes(types: readonly TensorType[]): string {
  return types.length === 0 ? 'nothing' : types.map(formatType).join(', ');
}

export function fail(code: ErrorCode, op: string, problem: string, expected: string, received: string): never {
  throw new CeratopsError(code, problem, { subject: op, expected, received });
}

export function shapeError(op: string, problem: string, expected: string, received: string): never {
  fail('SHAPE_MISMATCH', op, problem, expected, received);
}

export function argumentError(op: string, problem: string, expected: string, received: string): never {
  fail('INVALID_ARGUMENT', op, problem, expected, received);
}

export function checkCount(op: string, operands: readonly TensorType[], count: number): void {
  if (operands.length !== count) {
    argumentError(op, 'wrong number of operands', `${count}`, `${operands.length} (${formatTypes(operands)})`);
  }
}

/** Kinds as a bit set, so that the check of an elementwise op is one table look-up and one mask. */
export const kindBit: Readonly<Record<DTypeKind, number>> = { bool: 1, int: 2, uint: 4, float: 8, complex: 16 };
export const anyKind = 31;
export const integerKinds: number = kindBit.int | kindBit.uint;
export const floatKinds: number = kindBit.float | kindBit.complex;

function formatKinds(kinds: number): string {
  const names = (Object.keys(kindBit) as DTypeKind[]).filter((kind) => (kinds & kindBit[kind]) !== 0);
  return `a dtype of kind ${names.join(', ')}`;
}

export function checkKind(op: string, type: TensorType, kinds: number): void {
  if ((kindBit[dtypes[type.dtype].kind] & kinds) === 0) {
    fail('DTYPE_MISMATCH', op, 'dtype not supported', formatKinds(kinds), formatType(type));
  }
}

export function checkSameDType(op: string, types: readonly TensorType[]): void {
  const first = types[0]!;
  for (const type of types) {
    if (type.dtype !== first.dtype) {
      fail('DTYPE_MISMATCH', op, 'operands differ in dtype', `all ${first.dtype}`, formatTypes(types));
    }
  }
}

/** Every entry is a dimension of a tensor of this rank, none twice; ascending where the op says so. */
export function checkDimensions(
  op: string,
  name: string,
  dimensions: readonly number[],
  rank: number,
  ascending = false,
): void {
  for (let i = 0; i < dimensions.length; i++) {
    const dimension = dimensions[i]!;
    if (!Number.isInteger(dimension) || dimension < 0 || dimension >= rank) {
      argumentError(op, `${name} out of range`, `integers in [0, ${rank})`, `[${dimensions.join(',')}]`);
    }
    if (dimensions.indexOf(dimension) !== i) {
      argumentError(op, `${name} repeats a dimension`, 'distinct dimensions', `[${dimensions.join(',')}]`);
    }
    if (ascending && i > 0 && dimensions[i - 1]! > dimension) {
      argumentError(op, `${name} is not sorted`, 'ascending dimensions', `[${dimensions.join(',')}]`);
    }
  }
}

/** A list with one integer, at least `minimum`, per dimension. */
export function checkPerDimension(
  op: string,
  name: string,
  values: readonly number[],
  rank: number,
  minimum: number = Number.NEGATIVE_INFINITY,
): void {
  if (values.length !== rank) {
    argumentError(op, `${name} has the wrong length`, `${rank} entries`, `[${values.join(',')}]`);
  }
  for (const value of values) {
    if (!Number.isInteger(value) || value < minimum) {
      const bound = minimum === Number.NEGATIVE_INFINITY ? 'integers' : `integers ≥ ${minimum}`;
      argumentError(op, `bad ${name}`, bound, `[${values.join(',')}]`);
    }
  }
}

export function checkShape(op: string, shape: Shape): void {
  for (const dimension of shape) {
    if (!Number.isInteger(dimension) || dimension < 0) {
      argumentError(op, 'bad shape', 'non-negative integer sizes', `[${shape.join(',')}]`);
    }
  }
}

export function checkScalar(op: string, name: string, type: TensorType): void {
  if (type.shape.length !== 0) shapeError(op, `${name} is not a scalar`, `${type.dtype}[]`, formatType(type));
}

export function checkEqualShape(op: string, problem: string, expected: Shape, received: Shape): void {
  for (let i = 0; i < Math.max(expected.length, received.length); i++) {
    if (expected[i] !== received[i]) shapeError(op, problem, `[${expected.join(',')}]`, `[${received.join(',')}]`);
  }
}

/** What a region sees of tensors: one element of each. */
export function scalars(types: readonly TensorType[]): TensorType[] {
  return types.map((type) => tensorType(type.dtype, []));
}

/** A region takes and gives exactly these types. */
export function checkRegion(
  op: string,
  name: string,
  region: Program,
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
): void {
  const takes = region.inputs.map((input) => input.type);
  const gives = regionOutputs(region);
  if (!sameTypes(takes, inputs) || !sameTypes(gives, outputs)) {
    fail('INVALID_PROGRAM', op, `${name} has the wrong signature`, signature(inputs, outputs), signature(takes, gives));
  }
}

export function sameTypes(a: readonly TensorType[], b: readonly TensorType[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameType(a[i]!, b[i]!)) return false;
  return true;
}

/** The output types of a region. */
export function regionOutputs(region: Program): TensorType[] {
  const types = valueTypes(region);
  return region.outputs.map(
    (id) =>
      types[id] ?? fail('INVALID_PROGRAM', region.name, 'unknown output value', `an id below ${types.length}`, `${id}`),
  );
}

function signature(inputs: readonly TensorType[], outputs: readonly TensorType[]): string {
  return `(${formatTypes(inputs)}) → (${formatTypes(outputs)})`;
}
