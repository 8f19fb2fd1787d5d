/** The little that rules share on top of the contract's own emit functions. */
import type { Emitter, Value } from '../builder.js';
import * as emit from '../emit/index.js';
import { sizeOf, type TensorType } from '../tensor-type.js';
import type { Cotangent } from './rule.js';

export function zerosOf(emitter: Emitter, type: TensorType): Value {
  return emit.fill(emitter, type, 0);
}

/** A scalar zero of the value's dtype. */
export function zeroScalar(emitter: Emitter, like: Value): Value {
  return emit.fill(emitter, { dtype: like.type.dtype, shape: [] }, 0);
}

export function accumulate(emitter: Emitter, sum: Cotangent, cotangent: Cotangent): Cotangent {
  if (sum === undefined || cotangent === undefined) return sum ?? cotangent;
  return emit.add(emitter, sum, cotangent);
}

/** The value where the predicate holds, else zero; unlike a product it does not let NaN or infinity through. */
export function keepWhere(emitter: Emitter, predicate: Value, value: Value): Value {
  return emit.select(emitter, predicate, value, zerosOf(emitter, value.type));
}

/** `value * factor` for a number. */
export function scale(emitter: Emitter, value: Value, factor: number): Value {
  return emit.multiply(emitter, value, emit.constantLike(emitter, value, factor));
}

/** 1 where the predicate holds, else 0, in the dtype of `like`. */
export function indicator(emitter: Emitter, predicate: Value, like: Value): Value {
  return emit.convert(emitter, predicate, like.type.dtype);
}

export function sumAll(emitter: Emitter, value: Value): Value {
  return emit.reduceSum(
    emitter,
    value,
    value.type.shape.map((_, axis) => axis),
  );
}

export function isEmpty({ type }: Value): boolean {
  return sizeOf(type.shape) === 0;
}

export function conjugate(emitter: Emitter, value: Value): Value {
  return emit.complex(emitter, emit.real(emitter, value), emit.negate(emitter, emit.imag(emitter, value)));
}
