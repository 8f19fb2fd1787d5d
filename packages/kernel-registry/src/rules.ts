/**
 * The rules of an op: its types and its gradient. Those of the ops that every program may need are in the base tables of
 * `infer/` and `vjp/`. The others come with the op: whoever emits one through `emit/` brings them, as it is with composites,
 * so that a bundle has the rules of the ops that it can emit. Whoever takes ops by name has them all (`any-op.ts`).
 */

import { CeratopsError } from './errors.js';
import type { InferRules } from './infer/rule.js';
import type { OpName } from './opset.js';
import { type BroughtRules, registry } from './registry.js';
import type { VjpRules } from './vjp/rule.js';

export type BroughtOp =
  | 'gather'
  | 'scatter'
  | 'dynamic_slice'
  | 'dynamic_update_slice'
  | 'sort'
  | 'while'
  | 'case'
  | 'fft'
  | 'cholesky'
  | 'triangular_solve'
  | 'custom_call'
  | 'optimization_barrier';

export type BaseOp = Exclude<OpName, BroughtOp>;

const brought: Set<object> = new Set();

/** Makes the rules of some ops known. Again is fine, and nearly free. */
export function bringRules<K extends OpName>(infer: InferRules<K>, vjp: VjpRules<K>): void {
  if (brought.has(vjp)) return;
  brought.add(vjp);
  const { rules } = registry();
  for (const op of Object.keys(vjp) as K[]) {
    rules.set(op, { infer: infer[op], vjp: vjp[op] } as unknown as BroughtRules);
  }
}

/** @throws CeratopsError UNKNOWN_NAME when nobody has emitted the op. */
export function broughtRules(op: OpName): BroughtRules {
  const rules = registry().rules.get(op);
  if (rules !== undefined) return rules;
  throw new CeratopsError('UNKNOWN_NAME', 'no such op, or its rules are not loaded', {
    subject: op,
    remedy: 'emit it with its function of @ceratops/kernel-registry/emit, which brings them, rather than by name',
  });
}
