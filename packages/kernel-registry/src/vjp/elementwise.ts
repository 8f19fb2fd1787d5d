/** Reverse mode of the ops that compute one element per element. Ties and edges are JAX's. */

import type { Emitter, Value } from '../builder.js';
import { isComplex } from '../dtype.js';
import * as emit from '../emit/index.js';
import type { BinaryOp, UnaryOp } from '../opset.js';
import {
  type Cotangent,
  isDifferentiable,
  linear,
  perOperand,
  type SingleContext,
  type VjpRule,
  type VjpRules,
  zero,
} from './rule.js';
import { conjugate, indicator, keepWhere, zerosOf } from './support.js';

/** One operand x with result y: the gradient is cotangent · f'(x). */
function unary<O extends UnaryOp>(vjp: (emitter: Emitter, cotangent: Value, x: Value, y: Value) => Value): VjpRule<O> {
  return perOperand(({ emitter, cotangent, operands, result }) => vjp(emitter, cotangent, operands[0]!, result));
}

export const unaryVjp: VjpRules<UnaryOp> = {
  abs: unary((e, ct, x, y) => (isComplex(x.type.dtype) ? absComplex(e, ct, x, y) : absReal(e, ct, x))),
  negate: linear(({ emitter, cotangent }) => [emit.negate(emitter, cotangent)]),
  sign: zero,
  floor: zero,
  ceil: zero,
  round_nearest_even: zero,
  exponential: unary((e, ct, _x, y) => emit.multiply(e, ct, y)),
  exponential_minus_one: unary((e, ct, _x, y) => emit.multiply(e, ct, plusOne(e, y))),
  log: unary((e, ct, x) => emit.divide(e, ct, x)),
  log_plus_one: unary((e, ct, x) => emit.divide(e, ct, plusOne(e, x))),
  sqrt: unary((e, ct, _x, y) => emit.multiply(e, ct, emit.divide(e, emit.constantLike(e, y, 0.5), y))),
  sine: unary((e, ct, x) => emit.multiply(e, ct, emit.cosine(e, x))),
  cosine: unary((e, ct, x) => emit.negate(e, emit.multiply(e, ct, emit.sine(e, x)))),
  // (ct + ct·y)(1 − y) loses less than ct(1 − y²) where y is near ±1.
  tanh: unary((e, ct, _x, y) =>
    emit.multiply(e, emit.add(e, ct, emit.multiply(e, ct, y)), emit.subtract(e, emit.constantLike(e, y, 1), y)),
  ),
  is_finite: zero,
  not: zero,
};

function plusOne(emitter: Emitter, x: Value): Value {
  return emit.add(emitter, x, emit.constantLike(emitter, x, 1));
}

/** The right derivative at zero, as JAX has it since 0.10. */
function absReal(e: Emitter, ct: Value, x: Value): Value {
  const isPositive = emit.compare(e, x, zerosOf(e, x.type), 'GE');
  return emit.select(e, isPositive, ct, emit.negate(e, ct));
}

/** d|z| = Re(dz · z̄ / |z|), with |0| taken as 1. */
function absComplex(e: Emitter, ct: Value, z: Value, modulus: Value): Value {
  const safe = oneWhereZero(e, modulus);
  const direction = emit.divide(e, conjugate(e, z), emit.complex(e, safe, zerosOf(e, safe.type)));
  return emit.multiply(e, emit.complex(e, ct, zerosOf(e, ct.type)), direction);
}

function oneWhereZero(e: Emitter, x: Value): Value {
  const isZero = emit.compare(e, x, zerosOf(e, x.type), 'EQ');
  return emit.select(e, isZero, emit.constantLike(e, x, 1), x);
}

type Pair = Pick<SingleContext<BinaryOp>, 'emitter' | 'cotangent' | 'result'> & {
  readonly x: Value;
  readonly y: Value;
};

/** Two operands x and y, one function for the gradient of each. */
function binary<O extends BinaryOp>(left: (pair: Pair) => Cotangent, right: (pair: Pair) => Cotangent): VjpRule<O> {
  const pair = ({ emitter, cotangent, result, operands }: SingleContext<O>): Pair => ({
    emitter,
    cotangent,
    result,
    x: operands[0]!,
    y: operands[1]!,
  });
  return perOperand(
    (context) => left(pair(context)),
    (context) => right(pair(context)),
  );
}

export const binaryVjp: VjpRules<BinaryOp> = {
  add: linear(({ cotangent }) => [cotangent, cotangent]),
  subtract: linear(({ emitter, cotangent, needed }) => [
    cotangent,
    needed[1] ? emit.negate(emitter, cotangent) : undefined,
  ]),
  multiply: {
    ...binary(
      ({ emitter, cotangent, y }) => emit.multiply(emitter, cotangent, y),
      ({ emitter, cotangent, x }) => emit.multiply(emitter, cotangent, x),
    ),
    kind: 'bilinear',
  },
  divide: binary(
    ({ emitter, cotangent, y }) => emit.divide(emitter, cotangent, y),
    ({ emitter: e, cotangent, result, y }) => emit.negate(e, emit.multiply(e, emit.divide(e, cotangent, y), result)),
  ),
  // x − y·trunc(x / y)
  remainder: binary(
    ({ cotangent }) => cotangent,
    ({ emitter: e, cotangent, x, y }) => {
      const quotient = emit.divide(e, x, y);
      const truncated = emit.multiply(e, emit.sign(e, quotient), emit.floor(e, emit.abs(e, quotient)));
      return emit.multiply(e, emit.negate(e, cotangent), truncated);
    },
  ),
  power: binary(
    ({ emitter: e, cotangent, x, y }) => {
      const lower = emit.power(e, x, emit.subtract(e, y, emit.constantLike(e, y, 1)));
      return emit.multiply(e, cotangent, emit.multiply(e, y, lower));
    },
    ({ emitter: e, cotangent, result, x }) =>
      emit.multiply(e, cotangent, emit.multiply(e, emit.log(e, oneWhereZero(e, x)), result)),
  ),
  maximum: extremum(),
  minimum: extremum(),
  // atan2(x, y): x is the ordinate
  atan2: binary(
    ({ emitter: e, cotangent, x, y }) => emit.multiply(e, cotangent, emit.divide(e, y, squares(e, x, y))),
    ({ emitter: e, cotangent, x, y }) =>
      emit.multiply(e, cotangent, emit.divide(e, emit.negate(e, x), squares(e, x, y))),
  ),
  and: zero,
  or: zero,
  xor: zero,
  shift_left: zero,
  shift_right_arithmetic: zero,
  shift_right_logical: zero,
};

function squares(e: Emitter, x: Value, y: Value): Value {
  return emit.add(e, emit.multiply(e, x, x), emit.multiply(e, y, y));
}

/** The cotangent goes to the operand that won; a tie halves it. */
function extremum<O extends 'maximum' | 'minimum'>(): VjpRule<O> {
  const share = ({ emitter: e, cotangent, result }: Pair, mine: Value, other: Value): Value => {
    const won = indicator(e, emit.compare(e, mine, result, 'EQ'), cotangent);
    const tied = emit.compare(e, other, result, 'EQ');
    const half = emit.select(e, tied, emit.constantLike(e, cotangent, 0.5), emit.constantLike(e, cotangent, 1));
    return emit.multiply(e, cotangent, emit.multiply(e, won, half));
  };
  return binary(
    (pair) => share(pair, pair.x, pair.y),
    (pair) => share(pair, pair.y, pair.x),
  );
}

export const typingVjp: VjpRules<'compare' | 'select' | 'convert' | 'bitcast_convert'> = {
  compare: zero,
  select: linear(({ emitter: e, cotangent, operands: [predicate], needed }) => [
    undefined,
    needed[1] ? keepWhere(e, predicate!, cotangent) : undefined,
    needed[2] ? emit.select(e, predicate!, zerosOf(e, cotangent.type), cotangent) : undefined,
  ]),
  convert: linear(({ emitter, cotangent, operands: [operand] }) => [convertBack(emitter, cotangent, operand!)]),
  bitcast_convert: zero,
};

/** The transpose of real → complex takes the real part, that of complex → real adds a zero imaginary part. */
function convertBack(e: Emitter, cotangent: Value, operand: Value): Cotangent {
  if (!isDifferentiable(operand.type)) return undefined;
  const { dtype } = operand.type;
  const part = isComplex(cotangent.type.dtype) && !isComplex(dtype) ? emit.real(e, cotangent) : cotangent;
  return emit.convert(e, part, dtype);
}
