/** Calls of a backend's own functions, and barriers. */
import type { OpAttributes, TensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Tensor } from '../tensor/tensor.js';
import { emittedMany, nodeOf } from './apply.js';

/** A function that only some backend knows. */
export function customCall(
  target: string,
  operands: readonly Tensor[],
  results: readonly TensorType[],
  config: OpAttributes['custom_call']['config'] = {},
): Tensor[] {
  return emittedMany(emit.customCall(emitter, target, operands.map(nodeOf), results, config));
}

/** Keeps compilers from moving work across it; the values are unchanged. */
export function optimizationBarrier(operands: readonly Tensor[]): Tensor[] {
  return emittedMany(emit.optimizationBarrier(emitter, operands.map(nodeOf)));
}
