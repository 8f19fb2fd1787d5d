/**
 * Composites: named ops with a decomposition into the opset (or into other composites). A backend that knows one
 * by name runs it whole; for any other the client replaces it by its decomposition before it compiles.
 *
 * A definition is plain data, registered when it is first emitted (see `emit/structure.ts`), so that importing
 * one costs nothing and a bundle has only those in use. A published `namespace.name@version` is frozen: a change
 * of meaning is a new version.
 */

import type { BatchRule } from './batch/rule.js';
import type { Emitter, Value } from './builder.js';
import { CeratopsError } from './errors.js';
import { suggest } from './nearest.js';
import type { CompositeAttributes } from './opset.js';
import { registry } from './registry.js';
import type { TensorType } from './tensor-type.js';
import type { VjpRule } from './vjp/rule.js';

export type { CompositeAttributes } from './opset.js';

export interface CompositeVjp {
  /** The same results as the composite, and what `backward` needs beside the operands. */
  forward(
    emitter: Emitter,
    operands: readonly Value[],
    attributes: CompositeAttributes,
  ): { readonly results: readonly Value[]; readonly residuals: readonly Value[] };
  /** One cotangent per operand; undefined means zero. Cotangents have the types of the results. */
  backward(
    emitter: Emitter,
    residuals: readonly Value[],
    cotangents: readonly Value[],
    attributes: CompositeAttributes,
  ): readonly (Value | undefined)[];
}

export interface CompositeDefinition {
  /** `namespace.name@version`; the namespace `ceratops` is ours. */
  readonly name: string;
  infer(operands: readonly TensorType[], attributes: CompositeAttributes): readonly TensorType[];
  decompose(emitter: Emitter, operands: readonly Value[], attributes: CompositeAttributes): readonly Value[];
  /** Only where differentiating the decomposition would be wrong, unstable or slow. */
  readonly vjp?: CompositeVjp | undefined;
  /** Instead of `vjp`, a rule as ops have it: it sees which gradients are asked for, and can differentiate regions. */
  readonly rule?: VjpRule<'composite'> | undefined;
  /** How it runs on batches, where its decomposition on batches would lose something: its gradient, or a kernel for it. */
  readonly batch?: BatchRule<'composite'> | undefined;
}

const namePattern = /^[a-z][\w-]*(\.[\w-]+)+@\d+$/i;

/** Checks a definition's name and returns it unchanged; it is pure, nothing is registered. */
export function defineComposite(definition: CompositeDefinition): CompositeDefinition {
  if (!namePattern.test(definition.name)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad composite name', {
      expected: 'namespace.name@version',
      received: definition.name,
    });
  }
  return definition;
}

/**
 * Makes a definition known by its name. Again is fine.
 * @throws CeratopsError INVALID_ARGUMENT when another definition outside our namespace has the name. Inside it the first stays: two copies
 * of this package bring equal ones.
 */
export function registerComposite(definition: CompositeDefinition): void {
  const { composites } = registry();
  const known = composites.get(definition.name);
  if (known === definition) return;
  if (known === undefined) {
    composites.set(definition.name, definition);
  } else if (!definition.name.startsWith('ceratops.')) {
    throw new CeratopsError('INVALID_ARGUMENT', 'another composite has this name', {
      subject: definition.name,
      remedy: 'a published version is frozen: count the version up',
    });
  }
}

export function compositeOf(name: string): CompositeDefinition | undefined {
  return registry().composites.get(name);
}

export function unknownComposite(name: string): CeratopsError {
  return new CeratopsError('UNKNOWN_NAME', 'no such composite is registered and none came with the program', {
    subject: name,
    remedy: suggest(name, registry().composites.keys()) ?? 'call registerComposite with its definition',
  });
}
