/** Composites over any emitter. */

import type { Emitter, Value } from '../builder.js';
import { type CompositeAttributes, type CompositeDefinition, registerComposite } from '../composite.js';

/** Emits a composite and makes its definition known by name; this is where composites get registered. */
export function composite(
  emitter: Emitter,
  definition: CompositeDefinition,
  operands: readonly Value[],
  attributes: CompositeAttributes = {},
): readonly Value[] {
  registerComposite(definition);
  return emitter.emit('composite', operands, { name: definition.name, attributes });
}
