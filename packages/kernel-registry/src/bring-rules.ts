import type { InferRules } from './infer/rule.js';
import type { OpName } from './opset.js';
import { type BroughtRules, registry } from './registry.js';
import type { VjpRules } from './vjp/rule.js';

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
