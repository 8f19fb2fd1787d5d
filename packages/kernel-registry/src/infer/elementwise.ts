/** Type rules of the ops that compute one output element per input element. Eager code runs them for every op. */

import { type DType, dtypes } from '../dtype.js';
import type { BinaryOp, OpName, UnaryOp } from '../opset.js';
import { formatType, sameShape, type TensorType } from '../tensor-type.js';
import {
  anyKind,
  argumentError,
  checkCount,
  checkKind,
  checkSameDType,
  checkShape,
  fail,
  floatKinds,
  formatTypes,
  type InferRule,
  integerKinds,
  kindBit,
  shapeError,
} from './rule.js';

const { bool, int, float, complex } = kindBit;
const numeric = integerKinds | floatKinds;
const bitwise = bool | integerKinds;

/** The dtype of the real and imaginary parts of a complex dtype; other dtypes are their own. */
export function realDType(dtype: DType): DType {
  if (dtype === 'complex64') return 'float32';
  return dtype === 'complex128' ? 'float64' : dtype;
}

/** The complex dtype with parts of this dtype. */
export function complexDType(op: string, dtype: DType): DType {
  if (dtype === 'float32') return 'complex64';
  if (dtype === 'float64') return 'complex128';
  return fail('DTYPE_MISMATCH', op, 'no complex dtype has such parts', 'float32 or float64', dtype);
}

function unary<O extends UnaryOp>(op: O, kinds: number): InferRule<O> {
  return (operands) => {
    checkCount(op, operands, 1);
    checkKind(op, operands[0]!, kinds);
    return [operands[0]!];
  };
}

/** A unary op whose result has another dtype. */
function retyped<O extends OpName>(op: O, kinds: number, resultOf: (dtype: DType) => DType): InferRule<O> {
  return (operands) => {
    checkCount(op, operands, 1);
    const operand = operands[0]!;
    checkKind(op, operand, kinds);
    const dtype = resultOf(operand.dtype);
    return [dtype === operand.dtype ? operand : { dtype, shape: operand.shape }];
  };
}

function checkPair(op: string, operands: readonly TensorType[], kinds: number): TensorType {
  if (operands.length !== 2) checkCount(op, operands, 2);
  const a = operands[0]!;
  const b = operands[1]!;
  if (a.dtype !== b.dtype) checkSameDType(op, operands);
  if (!sameShape(a.shape, b.shape)) {
    shapeError(op, 'operands differ in shape', 'equal shapes (broadcast first)', formatTypes(operands));
  }
  checkKind(op, a, kinds);
  return a;
}

function binary<O extends BinaryOp>(op: O, kinds: number): InferRule<O> {
  return (operands) => [checkPair(op, operands, kinds)];
}

const directions = new Set<string>(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE']);

const compare: InferRule<'compare'> = (operands, { direction }) => {
  const { shape, dtype } = checkPair('compare', operands, anyKind);
  if (!directions.has(direction)) argumentError('compare', 'bad direction', [...directions].join(', '), `${direction}`);
  if (dtypes[dtype].kind === 'complex' && direction !== 'EQ' && direction !== 'NE') {
    fail('DTYPE_MISMATCH', 'compare', 'complex numbers have no order', 'EQ or NE', `${direction} of ${dtype}`);
  }
  return [{ dtype: 'bool', shape }];
};

const select: InferRule<'select'> = (operands) => {
  checkCount('select', operands, 3);
  const predicate = operands[0]!;
  const onTrue = operands[1]!;
  const onFalse = operands[2]!;
  if (predicate.dtype !== 'bool') {
    fail('DTYPE_MISMATCH', 'select', 'predicate is not bool', 'bool', formatType(predicate));
  }
  if (onTrue.dtype !== onFalse.dtype) checkSameDType('select', [onTrue, onFalse]);
  if (!sameShape(onTrue.shape, onFalse.shape)) {
    shapeError('select', 'branches differ in shape', 'equal shapes', formatTypes([onTrue, onFalse]));
  }
  if (predicate.shape.length !== 0 && !sameShape(predicate.shape, onTrue.shape)) {
    shapeError('select', 'predicate does not fit', `bool[] or bool[${onTrue.shape.join(',')}]`, formatType(predicate));
  }
  return [onTrue];
};

const convert: InferRule<'convert'> = (operands, { dtype }) => {
  checkCount('convert', operands, 1);
  if (!Object.hasOwn(dtypes, dtype)) {
    argumentError('convert', 'unknown dtype', Object.keys(dtypes).join(', '), `${dtype}`);
  }
  const operand = operands[0]!;
  return [operand.dtype === dtype ? operand : { dtype, shape: operand.shape }];
};

const bitcastConvert: InferRule<'bitcast_convert'> = (operands, { type }) => {
  checkCount('bitcast_convert', operands, 1);
  checkShape('bitcast_convert', type.shape);
  const operand = operands[0]!;
  const from = dtypes[operand.dtype];
  const to = dtypes[type.dtype];
  const mixes = from !== to && [from, to].some(({ kind }) => kind === 'bool' || kind === 'complex');
  if (mixes && !(from.kind === 'complex' && to.kind === 'complex')) {
    fail(
      'DTYPE_MISMATCH',
      'bitcast_convert',
      'cannot reinterpret',
      'two real, non-bool dtypes',
      `${from.name} → ${to.name}`,
    );
  }
  const wide = from.bits > to.bits ? operand : type;
  const narrow = from.bits > to.bits ? type : operand;
  const ratio = dtypes[wide.dtype].bits / dtypes[narrow.dtype].bits;
  const expected = ratio === 1 ? wide.shape : [...wide.shape, ratio];
  if (!sameShape(expected, narrow.shape)) {
    const rule = `${narrow.dtype}[${expected.join(',')}] ⇄ ${formatType(wide)}`;
    shapeError('bitcast_convert', 'shapes do not fit', rule, `${formatType(operand)} → ${formatType(type)}`);
  }
  return [type];
};

const makeComplex: InferRule<'complex'> = (operands) => {
  const { dtype, shape } = checkPair('complex', operands, float);
  return [{ dtype: complexDType('complex', dtype), shape }];
};

export const elementwiseInfer: {
  readonly [O in
    | UnaryOp
    | BinaryOp
    | 'compare'
    | 'select'
    | 'convert'
    | 'bitcast_convert'
    | 'complex'
    | 'real'
    | 'imag']: InferRule<O>;
} = {
  abs: retyped('abs', int | floatKinds, realDType),
  negate: unary('negate', numeric),
  sign: unary('sign', int | floatKinds),
  floor: unary('floor', float),
  ceil: unary('ceil', float),
  round_nearest_even: unary('round_nearest_even', float),
  exponential: unary('exponential', floatKinds),
  exponential_minus_one: unary('exponential_minus_one', floatKinds),
  log: unary('log', floatKinds),
  log_plus_one: unary('log_plus_one', floatKinds),
  sqrt: unary('sqrt', floatKinds),
  sine: unary('sine', floatKinds),
  cosine: unary('cosine', floatKinds),
  tanh: unary('tanh', floatKinds),
  is_finite: retyped('is_finite', float, () => 'bool'),
  not: unary('not', bitwise),
  add: binary('add', anyKind),
  subtract: binary('subtract', numeric),
  multiply: binary('multiply', anyKind),
  divide: binary('divide', numeric),
  remainder: binary('remainder', numeric),
  power: binary('power', numeric),
  maximum: binary('maximum', anyKind),
  minimum: binary('minimum', anyKind),
  atan2: binary('atan2', floatKinds),
  and: binary('and', bitwise),
  or: binary('or', bitwise),
  xor: binary('xor', bitwise),
  shift_left: binary('shift_left', integerKinds),
  shift_right_arithmetic: binary('shift_right_arithmetic', integerKinds),
  shift_right_logical: binary('shift_right_logical', integerKinds),
  compare,
  select,
  convert,
  bitcast_convert: bitcastConvert,
  complex: makeComplex,
  real: retyped('real', float | complex, realDType),
  imag: retyped('imag', float | complex, realDType),
};
