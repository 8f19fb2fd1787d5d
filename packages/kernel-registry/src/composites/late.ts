/**
 * Decompositions that are long and that few programs need. They are not with their definitions but in `decompositions.ts`, which pages load
 * when a program first needs one; see docs/decisions/late-parts.md.
 */

import type { CompositeDefinition } from '../composite.js';
import { CeratopsError } from '../errors.js';
import { registry } from '../registry.js';

/** Decomposes by what `bringDecompositions` brought. */
export function lateDecomposition(name: string): CompositeDefinition['decompose'] {
  return (emitter, operands, attributes) => {
    const decompose = registry().decompositions?.[name];
    if (decompose !== undefined) return decompose(emitter, operands, attributes);
    throw new CeratopsError('WOULD_BLOCK', 'its decomposition is not loaded', {
      subject: name,
      remedy: "call bringDecompositions() of `await import('@ceratops/kernel-registry/decompositions')` first",
    });
  };
}
