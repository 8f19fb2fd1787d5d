/**
 * The engine of reverse mode: emits a program's forward pass while it notes the instructions that matter, then emits
 * their gradients in reverse. Only instructions between the chosen inputs and the chosen outputs are noted.
 */
import {
  type AnyInstruction,
  CeratopsError,
  type Emitter,
  formatType,
  type OpAttributes,
  type OpName,
  type Program,
  type Value,
} from '@ceratops/kernel-registry';
import { type CompositeVjp, resolveComposite } from './composite.js';
import { accumulate } from './emit.js';
import { type Cotangent, isDifferentiable, type VjpContext, type VjpRule } from './rule.js';
import { vjpRules } from './rules.js';

export interface RecordOptions {
  /** Inputs to differentiate with respect to; floating or complex. */
  readonly wrt: readonly number[];
  /** Outputs that will get cotangents; default: every floating or complex output. */
  readonly of?: readonly number[] | undefined;
  /**
   * Gradients of composites that the caller knows (`customGradient`); asked before the composite's own registration.
   * `undefined` means "not mine".
   */
  readonly compositeVjp?: ((attributes: OpAttributes['composite']) => CompositeVjp | undefined) | undefined;
}

export interface Recording {
  /** The program's outputs. */
  readonly outputs: readonly Value[];
  /**
   * Emits the gradients of `sum over i of <outputs[of[i]], cotangents[i]>`, one per `wrt`. A zero gradient is
   * `undefined`. May be called more than once, with other cotangents.
   */
  backward(cotangents: readonly Cotangent[]): Cotangent[];
}
