/** Elementwise ops over any emitter. Strict like the opset: equal dtypes and shapes, no broadcasting. */

import type { Emitter, Value } from '../builder.js';
import type { DType } from '../dtype.js';
import type { BinaryOp, ComparisonDirection, UnaryOp } from '../opset.js';
import type { TensorType } from '../tensor-type.js';

export type UnaryEmit = (emitter: Emitter, operand: Value) => Value;
export type BinaryEmit = (emitter: Emitter, lhs: Value, rhs: Value) => Value;

const none = {};

function unary(op: UnaryOp): UnaryEmit {
  return (emitter, operand) => emitter.emit(op, [operand], none)[0]!;
}

function binary(op: BinaryOp): BinaryEmit {
  return (emitter, lhs, rhs) => emitter.emit(op, [lhs, rhs], none)[0]!;
}

export const abs: UnaryEmit = /*#__PURE__*/ unary('abs');
export const negate: UnaryEmit = /*#__PURE__*/ unary('negate');
export const sign: UnaryEmit = /*#__PURE__*/ unary('sign');
export const floor: UnaryEmit = /*#__PURE__*/ unary('floor');
export const ceil: UnaryEmit = /*#__PURE__*/ unary('ceil');
export const roundNearestEven: UnaryEmit = /*#__PURE__*/ unary('round_nearest_even');
export const exponential: UnaryEmit = /*#__PURE__*/ unary('exponential');
export const exponentialMinusOne: UnaryEmit = /*#__PURE__*/ unary('exponential_minus_one');
export const log: UnaryEmit = /*#__PURE__*/ unary('log');
export const logPlusOne: UnaryEmit = /*#__PURE__*/ unary('log_plus_one');
export const sqrt: UnaryEmit = /*#__PURE__*/ unary('sqrt');
export const sine: UnaryEmit = /*#__PURE__*/ unary('sine');
export const cosine: UnaryEmit = /*#__PURE__*/ unary('cosine');
export const tanh: UnaryEmit = /*#__PURE__*/ unary('tanh');
const finite: UnaryEmit = /*#__PURE__*/ unary('is_finite');

export { finite as isFinite };
export const not: UnaryEmit = /*#__PURE__*/ unary('not');

export const add: BinaryEmit = /*#__PURE__*/ binary('add');
export const subtract: BinaryEmit = /*#__PURE__*/ binary('subtract');
export const multiply: BinaryEmit = /*#__PURE__*/ binary('multiply');
export const divide: BinaryEmit = /*#__PURE__*/ binary('divide');
export const remainder: BinaryEmit = /*#__PURE__*/ binary('remainder');
export const power: BinaryEmit = /*#__PURE__*/ binary('power');
export const maximum: BinaryEmit = /*#__PURE__*/ binary('maximum');
export const minimum: BinaryEmit = /*#__PURE__*/ binary('minimum');
export const atan2: BinaryEmit = /*#__PURE__*/ binary('atan2');
export const and: BinaryEmit = /*#__PURE__*/ binary('and');
export const or: BinaryEmit = /*#__PURE__*/ binary('or');
export const xor: BinaryEmit = /*#__PURE__*/ binary('xor');
export const shiftLeft: BinaryEmit = /*#__PURE__*/ binary('shift_left');
export const shiftRightArithmetic: BinaryEmit = /*#__PURE__*/ binary('shift_right_arithmetic');
export const shiftRightLogical: BinaryEmit = /*#__PURE__*/ binary('shift_right_logical');

export function compare(emitter: Emitter, lhs: Value, rhs: Value, direction: ComparisonDirection): Value {
  return emitter.emit('compare', [lhs, rhs], { direction })[0]!;
}

export function select(emitter: Emitter, predicate: Value, onTrue: Value, onFalse: Value): Value {
  return emitter.emit('select', [predicate, onTrue, onFalse], none)[0]!;
}

/** Emits nothing when the value has the dtype already. */
export function convert(emitter: Emitter, operand: Value, dtype: DType): Value {
  return operand.type.dtype === dtype ? operand : emitter.emit('convert', [operand], { dtype })[0]!;
}

export function bitcastConvert(emitter: Emitter, operand: Value, type: TensorType): Value {
  return emitter.emit('bitcast_convert', [operand], { type })[0]!;
}

export function complex(emitter: Emitter, real: Value, imaginary: Value): Value {
  return emitter.emit('complex', [real, imaginary], none)[0]!;
}

export function real(emitter: Emitter, operand: Value): Value {
  return emitter.emit('real', [operand], none)[0]!;
}

export function imag(emitter: Emitter, operand: Value): Value {
  return emitter.emit('imag', [operand], none)[0]!;
}
