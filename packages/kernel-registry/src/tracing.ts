/**
 * `@ceratops/kernel-registry/tracing`: for those who trace programs and transform what they traced. Ops are known once they
 * have been emitted by the functions of `emit/`, so that a bundle has the rules of its own ops only; see `rules.ts`.
 */

export { bringAllRules, vjpRules } from './any-op.js';
export { buildProgram, inline, ProgramBuilder } from './builder.js';
export { defineComposite, registerComposite } from './composite.js';
export { decompose } from './expand.js';
export { infer } from './infer/index.js';
export { negotiate } from './negotiate.js';
export { liveInstructions } from './program/dead-code.js';
export type { BaseOp, BroughtOp } from './rules.js';
export { vjpRuleOf } from './vjp/index.js';
export {
  type Cotangent,
  type ForwardResults,
  isDifferentiable,
  noGradient,
  type Record,
  type Recording,
  type RuleContext,
  type VjpContext,
  type VjpKind,
  type VjpRule,
  type VjpRules,
  type VjpSpecification,
} from './vjp/rule.js';
export { accumulate, zerosOf } from './vjp/support.js';
