/** Constants over any emitter. */

import type { Emitter, Value } from '../builder.js';
import type { Scalar } from '../limits.js';
import { type Literal, splat } from '../literal.js';
import type { TensorType } from '../tensor-type.js';

export function constant(emitter: Emitter, value: Literal): Value {
  return emitter.emit('constant', [], { value })[0]!;
}

/** A constant filled with one value. */
export function fill(emitter: Emitter, type: TensorType, value: Scalar | boolean): Value {
  return constant(emitter, splat({ dtype: type.dtype, shape: type.shape }, value));
}

/** A constant of the dtype and shape of another value. */
export function constantLike(emitter: Emitter, like: Value, value: Scalar | boolean): Value {
  return fill(emitter, like.type, value);
}

export function iota(emitter: Emitter, type: TensorType, dimension: number): Value {
  return emitter.emit('iota', [], { type, dimension })[0]!;
}
