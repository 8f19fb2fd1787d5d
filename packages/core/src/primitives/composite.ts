/** Composites. */
import type { CompositeAttributes, CompositeDefinition } from '@ceratops/kernel-registry';
import { bringAllRules, registerComposite } from '@ceratops/kernel-registry/tracing';
import { operationOf } from '../graph/operation.js';
import type { Tensor } from '../tensor/tensor.js';
import { applyMany } from './apply.js';

/**
 * A composite by definition (registered on the way) or by the name of a registered one. A definition's functions may emit any
 * op by name.
 */
export function composite(
  definition: string | CompositeDefinition,
  operands: readonly Tensor[],
  attributes: CompositeAttributes = {},
): Tensor[] {
  if (typeof definition !== 'string') {
    bringAllRules();
    return compositeAtHand(definition, operands, attributes);
  }
  return applyMany(operationOf('composite', { name: definition, attributes }), operands);
}

/** A composite whose functions emit only through those of `@ceratops/kernel-registry/emit`, so that a bundle has no other rules. */
export function compositeAtHand(
  definition: CompositeDefinition,
  operands: readonly Tensor[],
  attributes: CompositeAttributes = {},
): Tensor[] {
  registerComposite(definition);
  return applyMany(operationOf('composite', { name: definition.name, attributes }), operands);
}
