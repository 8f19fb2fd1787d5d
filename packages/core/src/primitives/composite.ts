/** Composites. */
import type { CompositeAttributes, CompositeDefinition } from '@ceratops/kernel-registry';
import { registerComposite } from '@ceratops/kernel-registry/tracing';
import { operationOf } from '../graph/operation.js';
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
