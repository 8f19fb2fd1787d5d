/** `@ceratops/core/autodiff`: reverse mode of Programs. Every form is built on `record`, which emits into any emitter. */
export { type Recording, type RecordOptions, record } from './record.js';
export { type Cotangent, isDifferentiable, type VjpContext, type VjpKind, type VjpRule } from './rule.js';
export { vjpRules } from './rules.js';
export { gradientProgram, type ResidualSource, type SplitVjp, splitVjp, type VjpSpecification } from './transform.js';
