/** Interned tensor types: one object, and one small id, per type in use. */
import { byteSizeOf, type DType, type Shape, type Sharding, sizeOf, type TensorType } from '@ceratops/kernel-registry';
import { runtime } from '../runtime.js';

export class ValueType implements TensorType {
  readonly id: number;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly sharding: Sharding | undefined;
  readonly size: number;
  readonly bytes: number;

  constructor(id: number, type: TensorType) {
    this.id = id;
    this.dtype = type.dtype;
    this.shape = Object.freeze([...type.shape]);
    this.sharding = type.sharding;
    this.size = sizeOf(type.shape);
    this.bytes = byteSizeOf(type);
  }
}

/** The interned form of a type. */
export function internType(type: TensorType): ValueType {
  if (type instanceof ValueType) return type;
  const { types } = runtime();
  let key = `${type.dtype}:${type.shape.join()}`;
  if (type.sharding !== undefined) key += JSON.stringify(type.sharding);
  let found = types.get(key);
  if (found === undefined) {
    found = new ValueType(types.size, type);
    types.set(key, found);
  }
  return found;
}
