/**
 * The rules of an op: its types and its gradient. Those of the ops that every program may need are in the base tables of
 * `infer/` and `vjp/`. The others come with the op: whoever emits one through `emit/` brings them, as it is with composites,
 * so that a bundle has the rules of the ops that it can emit. Whoever takes ops by name has them all (`any-op.ts`).
 */

import { CeratopsError } from './errors.js';
import type { OpName } from './opset.js';
import { type BroughtRules, registry } from './registry.js';

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

/** @throws CeratopsError UNKNOWN_NAME when nobody has emitted the op. */
export function broughtRules(op: OpName): BroughtRules {
  const rules = registry().rules.get(op);
  if (rules !== undefined) return rules;
  throw new CeratopsError('UNKNOWN_NAME', 'no such op, or its rules are not loaded', {
    subject: op,
    remedy: 'use its function of @ceratops/kernel-registry/emit, which brings them',
  });
}
