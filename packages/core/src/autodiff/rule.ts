/**
 * What a reverse-mode rule is, and the combinators that say of which kind it is. Rules emit plain ops, so that what
 * they emit can be differentiated again. A cotangent that is zero is `undefined`, never a materialised tensor.
 */
import {
  CeratopsError,
  type Emitter,
  isComplex,
  isFloating,
  type OpAttributes,
  type OpName,
  type TensorType,
  type Value,
} from '@ceratops/kernel-registry';

/** A cotangent; `undefined` is a symbolic zero. */
export type Cotangent = Value | undefined;

export interface VjpContext<O extends OpName = OpName> {
  readonly emitter: Emitter;
  readonly attributes: OpAttributes[O];
  readonly operands: readonly Value[];
  readonly results: readonly Value[];
  /** One per result; at least one is not zero. */
  readonly cotangents: readonly Cotangent[];
  /** Per operand, whether its cotangent is asked for; a rule may skip the others. */
  readonly needed: readonly boolean[];
}

/**
 * - `zero`: constant almost everywhere; nothing upstream is differentiated through it.
 * - `linear`: the gradient uses the operands' types only, never their values.
 * - `bilinear`: linear in each of two operands; the gradient of one uses the value of the other.
 * - `own`: anything else.
 * - `unsupported`: reverse mode through it is a typed error.
 */
export type VjpKind = 'zero' | 'linear' | 'bilinear' | 'own' | 'unsupported';

export interface VjpRule<O extends OpName> {
  readonly kind: VjpKind;
  /** The cotangents of the operands, in order; a missing entry is zero. */
  readonly vjp: (context: VjpContext<O>) => readonly Cotangent[];
}

/** True for the dtypes that have a tangent space. */
export function isDifferentiable(type: TensorType): boolean {
  return isFloating(type.dtype) || isComplex(type.dtype);
}

type SingleResult<O extends OpName> = Omit<VjpContext<O>, 'cotangents' | 'results'> & {
  readonly result: Value;
  /** The cotangent of the only result. */
  readonly cotangent: Value;
};

function single<O extends OpName>(context: VjpContext<O>): SingleResult<O> {
  const { emitter, attributes, operands, needed } = context;
  return { emitter, attributes, operands, needed, result: context.results[0]!, cotangent: context.cotangents[0]! };
}

export const zero: VjpRule<OpName> = { kind: 'zero', vjp: () => [] };

/** One result, linear in its operands. */
export function linear<O extends OpName>(vjp: (context: SingleResult<O>) => readonly Cotangent[]): VjpRule<O> {
  return { kind: 'linear', vjp: (context) => vjp(single(context)) };
}

/** One result, linear in each of two operands: one function per operand, run only when it is needed. */
export function bilinear<O extends OpName>(
  left: (context: SingleResult<O>) => Cotangent,
  right: (context: SingleResult<O>) => Cotangent,
): VjpRule<O> {
  return {
    kind: 'bilinear',
    vjp: (context) => {
      const only = single(context);
      return [context.needed[0] ? left(only) : undefined, context.needed[1] ? right(only) : undefined];
    },
  };
}

/** One result, one function per operand, each run only when it is needed. */
export function perOperand<O extends OpName>(
  ...vjps: readonly ((context: SingleResult<O>) => Cotangent)[]
): VjpRule<O> {
  return {
    kind: 'own',
    vjp: (context) => {
      const only = single(context);
      return vjps.map((vjp, index) => (context.needed[index] ? vjp(only) : undefined));
    },
  };
}

export function own<O extends OpName>(vjp: VjpRule<O>['vjp']): VjpRule<O> {
  return { kind: 'own', vjp };
}

export function unsupported<O extends OpName>(op: O, why: string, remedy: string): VjpRule<O> {
  return {
    kind: 'unsupported',
    vjp: () => {
      throw new CeratopsError('UNSUPPORTED', why, { subject: `vjp of ${op}`, remedy });
    },
  };
}
