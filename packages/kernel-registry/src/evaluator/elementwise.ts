/** Ops with one output element per input element. */

import type { DType } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import { type BinaryOp, binaryOps, elementwiseOps, type OpAttributes, type OpName, type UnaryOp } from '../opset.js';
import { sizeOf, type TensorType } from '../tensor-type.js';
import type { Context, EvaluateRule } from './context.js';
import { converter } from './convert.js';
import { type Complex, createTensor, readerOf, type Scalar, type Tensor, writerOf } from './tensor.js';

type OwnElementwiseOp = 'compare' | 'select' | 'convert' | 'complex' | 'real' | 'imag';
export type ElementwiseOp = UnaryOp | BinaryOp | OwnElementwiseOp;

/** Unused arguments repeat the first one. */
export type ElementFunction = (a: Scalar, b: Scalar, c: Scalar) => Scalar;

type ElementRule<O extends OwnElementwiseOp> = (
  attributes: OpAttributes[O],
  operands: readonly TensorType[],
  context: Context,
) => ElementFunction;

const ownFunctions: { [O in OwnElementwiseOp]: ElementRule<O> } = {
  compare: ({ direction }, [lhs], context) => {
    const holds = context.family(lhs!.dtype).compare[direction];
    return (a, b) => (holds(a, b) ? 1 : 0);
  },
  select: () => (predicate, onTrue, onFalse) => (predicate ? onTrue : onFalse),
  convert: ({ dtype }, [operand], context) => converter(operand!.dtype, dtype, context),
  complex: () => (re, im) => ({ re: re as number, im: im as number }),
  real: (_, [operand]) => (isPair(operand!.dtype) ? (x) => (x as Complex).re : (x) => x),
  imag: (_, [operand]) => (isPair(operand!.dtype) ? (x) => (x as Complex).im : () => 0),
};

function isPair(dtype: DType): boolean {
  return dtype === 'complex64' || dtype === 'complex128';
}

export function isElementwise(op: OpName): op is ElementwiseOp {
  return elementwiseOps.has(op);
}

/**
 * The scalar function of an elementwise op on operands of these types.
 * @throws CeratopsError DTYPE_MISMATCH when the op is not defined for the dtype.
 */
export function elementFunction<O extends ElementwiseOp>(
  op: O,
  attributes: OpAttributes[O],
  operands: readonly TensorType[],
  context: Context,
): ElementFunction {
  if (Object.hasOwn(ownFunctions, op)) {
    const rule = ownFunctions[op as OwnElementwiseOp] as ElementRule<OwnElementwiseOp>;
    return rule(attributes as OpAttributes[OwnElementwiseOp], operands, context);
  }
  const { dtype } = operands[0]!;
  const family = context.family(dtype);
  const found = binaryOps.has(op) ? family.binary[op as BinaryOp] : family.unary[op as UnaryOp];
  if (!found) {
    throw new CeratopsError('DTYPE_MISMATCH', 'is not defined for this dtype', { subject: op, received: dtype });
  }
  return found as ElementFunction;
}

/** Scalars repeat: only `select`'s predicate may be one beside larger operands. */
function repeatingReader(tensor: Tensor): (index: number) => Scalar {
  const read = readerOf(tensor);
  return tensor.type.shape.length === 0 ? () => read(0) : read;
}

export function elementwise<O extends ElementwiseOp>(op: O): EvaluateRule<O> {
  return ({ operands, attributes, results }, context) => {
    const types = operands.map((operand) => operand.type);
    const f = elementFunction(op, attributes, types, context);
    const result = createTensor(results[0]!);
    const write = writerOf(result);
    const [first, second, third] = operands.map(repeatingReader);
    const a = first!;
    const b = second ?? a;
    const c = third ?? a;
    const size = sizeOf(result.type.shape);
    for (let i = 0; i < size; i++) write(i, f(a(i), b(i), c(i)));
    return [result];
  };
}
