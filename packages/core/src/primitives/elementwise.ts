/** Elementwise ops. Strict: equal dtypes and shapes, no broadcasting. */
import type { ComparisonDirection, DType, TensorType } from '@ceratops/kernel-registry';
import { operationOf, plainOperation } from '../graph/operation.js';
import type { Tensor } from '../tensor/tensor.js';
import { apply, apply1, apply2, nodeOf } from './apply.js';

/** |x|; of a complex tensor its magnitude, real. */
export function abs(x: Tensor): Tensor {
  return apply1(plainOperation('abs'), x);
}

/** −x. */
export function negate(x: Tensor): Tensor {
  return apply1(plainOperation('negate'), x);
}

/** −1, 0 or 1; NaN of NaN. */
export function sign(x: Tensor): Tensor {
  return apply1(plainOperation('sign'), x);
}

/** The largest integer ≤ x. */
export function floor(x: Tensor): Tensor {
  return apply1(plainOperation('floor'), x);
}

/** The smallest integer ≥ x. */
export function ceil(x: Tensor): Tensor {
  return apply1(plainOperation('ceil'), x);
}

/** The nearest integer; halves go to the even one. */
export function roundNearestEven(x: Tensor): Tensor {
  return apply1(plainOperation('round_nearest_even'), x);
}

/** eˣ. */
export function exponential(x: Tensor): Tensor {
  return apply1(plainOperation('exponential'), x);
}

/** eˣ − 1, exact near 0. */
export function exponentialMinusOne(x: Tensor): Tensor {
  return apply1(plainOperation('exponential_minus_one'), x);
}

/** ln x. */
export function log(x: Tensor): Tensor {
  return apply1(plainOperation('log'), x);
}

/** ln(1 + x), exact near 0. */
export function logPlusOne(x: Tensor): Tensor {
  return apply1(plainOperation('log_plus_one'), x);
}

/** √x. */
export function sqrt(x: Tensor): Tensor {
  return apply1(plainOperation('sqrt'), x);
}

/** sin x. */
export function sine(x: Tensor): Tensor {
  return apply1(plainOperation('sine'), x);
}

/** cos x. */
export function cosine(x: Tensor): Tensor {
  return apply1(plainOperation('cosine'), x);
}

/** tanh x. */
export function tanh(x: Tensor): Tensor {
  return apply1(plainOperation('tanh'), x);
}

/** Neither infinite nor NaN; bool. */
function finite(x: Tensor): Tensor {
  return apply1(plainOperation('is_finite'), x);
}

export { finite as isFinite };

/** Logical not of bools, bitwise not of integers. */
export function not(x: Tensor): Tensor {
  return apply1(plainOperation('not'), x);
}

/** a + b; of bools a or b. */
export function add(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('add'), a, b);
}

/** a − b. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('subtract'), a, b);
}

/** a · b; of bools a and b. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('multiply'), a, b);
}

/** a / b; of integers rounded towards zero. */
export function divide(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('divide'), a, b);
}

/** The remainder of a / b, with the sign of a. */
export function remainder(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('remainder'), a, b);
}

/** aᵇ. */
export function power(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('power'), a, b);
}

/** The larger; NaN if either is. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('maximum'), a, b);
}

/** The smaller; NaN if either is. */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('minimum'), a, b);
}

/** The angle of the point (b, a). */
export function atan2(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('atan2'), a, b);
}

/** Logical or bitwise and. */
export function and(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('and'), a, b);
}

/** Logical or bitwise or. */
export function or(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('or'), a, b);
}

/** Logical or bitwise exclusive or. */
export function xor(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('xor'), a, b);
}

/** a · 2ᵇ. */
export function shiftLeft(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('shift_left'), a, b);
}

/** Shifts right, copying the sign bit. */
export function shiftRightArithmetic(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('shift_right_arithmetic'), a, b);
}

/** Shifts right, filling with zeros. */
export function shiftRightLogical(a: Tensor, b: Tensor): Tensor {
  return apply2(plainOperation('shift_right_logical'), a, b);
}

/** Compares elementwise; bool. */
export function compare(a: Tensor, b: Tensor, direction: ComparisonDirection): Tensor {
  return apply2(operationOf('compare', { direction }), a, b);
}

/** Elements of `onTrue` where the predicate holds, else of `onFalse`. The predicate may be a scalar. */
export function select(predicate: Tensor, onTrue: Tensor, onFalse: Tensor): Tensor {
  return apply(plainOperation('select'), [nodeOf(predicate), nodeOf(onTrue), nodeOf(onFalse)]);
}

/** The values in another dtype, rounded or truncated as StableHLO says. */
export function convert(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply1(operationOf('convert', { dtype }), x);
}

/** The same bits as another type. */
export function bitcastConvert(x: Tensor, type: TensorType): Tensor {
  return apply1(operationOf('bitcast_convert', { type }), x);
}

/** re + i·im. */
export function complex(re: Tensor, im: Tensor): Tensor {
  return apply2(plainOperation('complex'), re, im);
}

/** The real part. */
export function real(x: Tensor): Tensor {
  return apply1(plainOperation('real'), x);
}

/** The imaginary part. */
export function imag(x: Tensor): Tensor {
  return apply1(plainOperation('imag'), x);
}
