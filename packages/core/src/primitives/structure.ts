/** Composites, calls of a backend's own functions, and barriers. */
import type { CompositeAttributes, CompositeDefinition, TensorType } from '@ceratops/kernel-registry';
import { registerComposite } from '@ceratops/kernel-registry';
import { operationOf, plainOperation } from '../graph/operation.js';
import type { Tensor } from '../tensor/tensor.js';
import { applyMany } from './apply.js';

/** A composite by definition (registered on the way) or by the name of a registered one. */
export function composite(
  definition: string | CompositeDefinition,
  operands: readonly Tensor[],
  attributes: CompositeAttributes = {},
): Tensor[] {
  if (typeof definition !== 'string') registerComposite(definition);
  const name = typeof definition === 'string' ? definition : definition.name;
  return applyMany(operationOf('composite', { name, attributes }), operands);
}

/** A function that only some backend knows. */
export function customCall(
  target: string,
  operands: readonly Tensor[],
  results: readonly TensorType[],
  config: CompositeAttributes = {},
): Tensor[] {
  return applyMany(operationOf('custom_call', { target, config, results }), operands);
}

/** Keeps compilers from moving work across it; the values are unchanged. */
export function optimizationBarrier(operands: readonly Tensor[]): Tensor[] {
  return applyMany(plainOperation('optimization_barrier'), operands);
}
