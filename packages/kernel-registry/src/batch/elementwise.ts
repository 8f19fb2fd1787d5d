/** Batching of elementwise and typing ops. */

import { select as emitSelect } from '../emit/elementwise.js';
import { broadcastInDim } from '../emit/movement.js';
import type { BinaryOp, UnaryOp } from '../opset.js';
import { tensorType } from '../tensor-type.js';
import {
  type Batched,
  type BatchRule,
  type BatchRules,
  itemShape,
  mapped,
  spread,
  together,
  withAttributes,
} from './rule.js';

/** A scalar predicate applies to all elements of its item. */
const select: BatchRule<'select'> = ({ emitter, operands, size }) => {
  const [predicate, onTrue, onFalse] = operands as [Batched, Batched, Batched];
  const yes = spread(emitter, onTrue, size);
  const no = spread(emitter, onFalse, size);
  const isScalar = itemShape(predicate).length === 0;
  if (isScalar && !predicate.mapped) return mapped([emitSelect(emitter, predicate.value, yes, no)]);
  const given = isScalar
    ? broadcastInDim(emitter, predicate.value, yes.type.shape, [0])
    : spread(emitter, predicate, size);
  return mapped([emitSelect(emitter, given, yes, no)]);
};

type TypingOp = 'compare' | 'select' | 'convert' | 'bitcast_convert' | 'complex' | 'real' | 'imag';

export const elementwiseBatch: BatchRules<UnaryOp | BinaryOp | TypingOp> = {
  abs: together('abs'),
  negate: together('negate'),
  sign: together('sign'),
  floor: together('floor'),
  ceil: together('ceil'),
  round_nearest_even: together('round_nearest_even'),
  exponential: together('exponential'),
  exponential_minus_one: together('exponential_minus_one'),
  log: together('log'),
  log_plus_one: together('log_plus_one'),
  sqrt: together('sqrt'),
  sine: together('sine'),
  cosine: together('cosine'),
  tanh: together('tanh'),
  is_finite: together('is_finite'),
  not: together('not'),
  add: together('add'),
  subtract: together('subtract'),
  multiply: together('multiply'),
  divide: together('divide'),
  remainder: together('remainder'),
  power: together('power'),
  maximum: together('maximum'),
  minimum: together('minimum'),
  atan2: together('atan2'),
  and: together('and'),
  or: together('or'),
  xor: together('xor'),
  shift_left: together('shift_left'),
  shift_right_arithmetic: together('shift_right_arithmetic'),
  shift_right_logical: together('shift_right_logical'),
  compare: together('compare'),
  select,
  convert: together('convert'),
  bitcast_convert: withAttributes('bitcast_convert', ({ type }, size) => ({
    type: tensorType(type.dtype, [size, ...type.shape]),
  })),
  complex: together('complex'),
  real: together('real'),
  imag: together('imag'),
};
