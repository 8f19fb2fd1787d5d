/** Reverse mode by the rules at hand: the base table, and those that ops have brought. */
import type { OpName } from '../opset.js';
import { broughtRules } from '../rules.js';
import { baseVjp } from './base.js';
import type { VjpRule, VjpRules } from './rule.js';

export function vjpRuleOf(op: OpName): VjpRule<OpName> {
  return ((baseVjp as Partial<VjpRules>)[op] ?? broughtRules(op).vjp) as VjpRule<OpName>;
}
