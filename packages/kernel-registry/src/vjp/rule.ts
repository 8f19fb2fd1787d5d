/**
 * What a reverse-mode rule is, and the combinators that say of which kind it is. Rules emit plain ops, so that what
 * they emit can be differentiated again. A cotangent that is zero is `undefined`, never a materialised tensor.
 *
 * Complex numbers follow JAX: a rule transposes the derivative and does not conjugate.
 */

import type { Emitter, Value } from '../builder.js';
import { isComplex, isFloating } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import type { Literal } from '../literal.js';
import type { OpAttributes, OpName } from '../opset.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';

/** A cotangent; `undefined` is a symbolic zero. */
export type Cotangent = Value | undefined;

/** A program run forward, ready to be pulled back. */
export interface Recording {
  /** The program's outputs. */
  readonly outputs: readonly Value[];
  /**
   * Emits the gradients of the sum over i of ⟨outputs[of[i]], cotangents[i]⟩, one per `wrt`. A zero gradient is
   * `undefined`. May be called more than once, with other cotangents.
   */
  backward(cotangents: readonly Cotangent[]): Cotangent[];
}

export interface VjpSpecification {
  /** Inputs to differentiate with respect to; floating or complex. */
  readonly wrt: readonly number[];
  /** Outputs that will get cotangents; default: all. */
  readonly of?: readonly number[] | undefined;
}

/** Emits the forward pass of `program` on `operands`. */
export type Record = (
  emitter: Emitter,
  program: Program,
  operands: readonly Value[],
  specification: VjpSpecification,
) => Recording;

/** What every part of a rule sees of the instruction. */
export interface RuleContext<O extends OpName = OpName> {
  readonly emitter: Emitter;
  readonly attributes: OpAttributes[O];
  readonly operands: readonly Value[];
  /** Per operand, whether its cotangent is asked for; a rule may skip the others. */
  readonly needed: readonly boolean[];
  /** Differentiates a program that the rule has, a region. */
  readonly record: Record;
}

export interface VjpContext<O extends OpName = OpName> extends RuleContext<O> {
  /** Per operand, its literal where it is a constant of the program. */
  readonly literals: readonly (Literal | undefined)[];
  readonly results: readonly Value[];
  /** What the rule's `forward` kept. */
  readonly residuals: readonly Value[];
  /** What the rule's `forward` found out. */
  readonly notes?: unknown;
  /** One per result; at least one is not zero. */
  readonly cotangents: readonly Cotangent[];
  /** Runs `program` on `operands` and pulls the cotangents of its outputs back to the needed operands; into another emitter if given. */
  pullback(
    program: Program,
    operands: readonly Value[],
    cotangents: readonly Cotangent[],
    needed: readonly boolean[],
    emitter?: Emitter,
  ): Cotangent[];
}

/**
 * - `zero`: constant almost everywhere; nothing upstream is differentiated through it.
 * - `linear`: the gradient never uses the values of the operands that have one.
 * - `bilinear`: linear in each of two operands; the gradient of one uses the value of the other.
 * - `own`: anything else.
 * - `unsupported`: reverse mode through it is a typed error.
 */
export type VjpKind = 'zero' | 'linear' | 'bilinear' | 'own' | 'unsupported';

export interface ForwardResults {
  readonly results: readonly Value[];
  readonly residuals: readonly Value[];
  /** For the rule's `vjp`: what is not a value. */
  readonly notes?: unknown;
}

export interface VjpRule<O extends OpName> {
  readonly kind: VjpKind;
  /** Emits the op itself when it can keep something for the way back; default: the op as it is. */
  readonly forward?: ((context: RuleContext<O>) => ForwardResults) | undefined;
  /** The cotangents of the operands, in order; a missing entry is zero. */
  readonly vjp: (context: VjpContext<O>) => readonly Cotangent[];
}

/** Rules of some ops, by name. */
export type VjpRules<K extends OpName = OpName> = { readonly [O in K]: VjpRule<O> };

/** True for the dtypes that have a tangent space. */
export function isDifferentiable(type: TensorType): boolean {
  return isFloating(type.dtype) || isComplex(type.dtype);
}

/** A context with its only result and that result's cotangent at hand. */
export interface SingleContext<O extends OpName> extends VjpContext<O> {
  readonly result: Value;
  readonly cotangent: Value;
}

function single<O extends OpName>(context: VjpContext<O>): SingleContext<O> {
  return { ...context, result: context.results[0]!, cotangent: context.cotangents[0]! };
}

export const zero: VjpRule<OpName> = { kind: 'zero', vjp: () => [] };

/** One result, linear in its operands. */
export function linear<O extends OpName>(vjp: (context: SingleContext<O>) => readonly Cotangent[]): VjpRule<O> {
  return { kind: 'linear', vjp: (context) => vjp(single(context)) };
}

/** One result, linear in each of two operands: one function per operand, run only when it is needed. */
export function bilinear<O extends OpName>(
  left: (context: SingleContext<O>) => Cotangent,
  right: (context: SingleContext<O>) => Cotangent,
): VjpRule<O> {
  return { ...perOperand(left, right), kind: 'bilinear' };
}

/** One result, one function per operand, each run only when it is needed. */
export function perOperand<O extends OpName>(
  ...vjps: readonly ((context: SingleContext<O>) => Cotangent)[]
): VjpRule<O> {
  return own((context) => {
    const only = single(context);
    return vjps.map((vjp, index) => (context.needed[index] ? vjp(only) : undefined));
  });
}

export function own<O extends OpName>(vjp: VjpRule<O>['vjp']): VjpRule<O> {
  return { kind: 'own', vjp };
}

export function unsupported<O extends OpName>(op: O, why: string, remedy: string): VjpRule<O> {
  return {
    kind: 'unsupported',
    vjp: () => {
      throw noGradient(op, why, remedy);
    },
  };
}

export function noGradient(op: OpName, why: string, remedy: string): CeratopsError {
  return new CeratopsError('UNSUPPORTED', why, { subject: `gradient of ${op}`, remedy });
}
