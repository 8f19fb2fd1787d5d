/** Rewrites of elementwise ops: identities, conversions, constants. Float rules keep every value but the sign of zero. */

import {
  type AnyInstruction,
  type BinaryOp,
  binaryOps,
  commutativeOps,
  type DType,
  dtypes,
  identityOf,
  isComplex,
  isFloating,
  isInteger,
  type ReducerOp,
  type Scalar,
  type UnaryOp,
  unaryOps,
  type ValueId,
} from '@ceratops/kernel-registry';
import { needed } from '../late-parts.js';
import { compareFunction, floatBinary, floatUnary } from '../scalar-functions.js';
import type { Rewriter, Rule } from './rewriter.js';

function isValue(scalar: Scalar | undefined, value: Scalar): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: 1n is 1 here
  return scalar !== undefined && scalar == value;
}

/** x ∘ e → x for the identity e of a commutative op. */
function withIdentity(rewriter: Rewriter, { op, operands, results }: AnyInstruction): ValueId | undefined {
  const { dtype } = results[0]!;
  if (isComplex(dtype)) return undefined;
  const identity = identityOf(op as ReducerOp, dtype);
  const [left, right] = operands as [ValueId, ValueId];
  if (isValue(rewriter.splatOf(right), identity)) return left;
  return isValue(rewriter.splatOf(left), identity) ? right : undefined;
}

/** Ops with x ∘ e → x only for the right operand. */
const rightIdentities: ReadonlyMap<string, number> = new Map([
  ['subtract', 0],
  ['divide', 1],
  ['power', 1],
  ['shift_left', 0],
  ['shift_right_logical', 0],
  ['shift_right_arithmetic', 0],
]);

function withRightIdentity(rewriter: Rewriter, { op, operands }: AnyInstruction): ValueId | undefined {
  return isValue(rewriter.splatOf(operands[1]!), rightIdentities.get(op)!) ? operands[0] : undefined;
}

/** Integers have no NaN, so x · 0 and x & 0 are 0. */
function integerZero(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  const { kind } = dtypes[results[0]!.dtype];
  if (kind === 'float' || kind === 'complex') return undefined;
  return operands.find((operand) => isValue(rewriter.splatOf(operand), 0));
}

const involutions: readonly UnaryOp[] = ['negate', 'not'];

function twice(rewriter: Rewriter, { op, operands }: AnyInstruction): ValueId | undefined {
  return rewriter.definedBy(operands[0]!, op)?.operands[0];
}

/** Ops whose result does not change when they are applied again. */
const idempotent: readonly UnaryOp[] = ['abs', 'sign', 'floor', 'ceil', 'round_nearest_even'];

function again(rewriter: Rewriter, { op, operands }: AnyInstruction): ValueId | undefined {
  return rewriter.definedBy(operands[0]!, op) === undefined ? undefined : operands[0];
}

function sameOperands(_rewriter: Rewriter, { operands }: AnyInstruction): ValueId | undefined {
  return operands[0] === operands[1] ? operands[0] : undefined;
}

/** x² as a product; the power function is slow and rounds worse. */
function square(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  const [base, exponent] = operands as [ValueId, ValueId];
  if (isComplex(results[0]!.dtype) || !isValue(rewriter.splatOf(exponent), 2)) return undefined;
  return rewriter.emit('multiply', [base, base], {}, results);
}

/** x / c → x · (1/c) where 1/c is exact: a power of two. */
function divideByPowerOfTwo(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  const divisor = rewriter.splatOf(operands[1]!);
  const { dtype } = results[0]!;
  if (typeof divisor !== 'number' || !isFloating(dtype)) return undefined;
  const exponent = Math.log2(Math.abs(divisor));
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 14) return undefined;
  return rewriter.emit('multiply', [operands[0]!, rewriter.fill(results[0]!, 1 / divisor)], {}, results);
}

function selectSame(rewriter: Rewriter, { operands }: AnyInstruction): ValueId | undefined {
  const [predicate, then, otherwise] = operands as [ValueId, ValueId, ValueId];
  if (then === otherwise) return then;
  const known = rewriter.splatOf(predicate);
  return known === undefined ? undefined : isValue(known, 0) ? otherwise : then;
}

/** Mantissa or value bits, for telling which conversions lose nothing. */
const floatDigits: { readonly [D in DType]?: number } = { bfloat16: 8, float16: 11, float32: 24, float64: 53 };

function isLossless(from: DType, to: DType): boolean {
  const source = dtypes[from];
  const target = dtypes[to];
  if (from === 'bool') return target.kind !== 'complex';
  if (source.kind === 'float') {
    if (target.kind !== 'float' || (from === 'bfloat16' && to === 'float16')) return false;
    return floatDigits[to]! >= floatDigits[from]! && !(from === 'float16' && to === 'bfloat16');
  }
  if (source.kind === 'complex' || target.kind === 'complex' || to === 'bool') return false;
  if (target.kind === 'float') return floatDigits[to]! >= source.bits;
  if (source.kind === target.kind) return target.bits >= source.bits;
  return source.kind === 'uint' && target.bits > source.bits;
}

function convertChain(rewriter: Rewriter, { operands, results }: AnyInstruction): ValueId | undefined {
  const { dtype, shape } = results[0]!;
  const operand = operands[0]!;
  if (rewriter.typeOf(operand).dtype === dtype) return operand;
  const inner = rewriter.definedBy(operand, 'convert');
  if (inner === undefined) return undefined;
  const source = inner.operands[0]!;
  const from = rewriter.typeOf(source).dtype;
  if (!isLossless(from, inner.attributes.dtype)) return undefined;
  // An integer that does not fit wraps, a float saturates.
  const saturates = isFloating(inner.attributes.dtype) && !isFloating(from) && isInteger(dtype);
  if (saturates && !isLossless(from, dtype)) return undefined;
  return rewriter.emit('convert', [source], { dtype }, [{ dtype, shape }]);
}

/** Folds an op whose operands are all splat constants. */
function foldConstants(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const scalars: Scalar[] = [];
  for (const operand of instruction.operands) {
    const scalar = rewriter.splatOf(operand);
    if (scalar === undefined) return undefined;
    scalars.push(scalar);
  }
  const type = instruction.results[0]!;
  const from = rewriter.typeOf(instruction.operands[0]!).dtype;
  if (isComplex(from) || isComplex(type.dtype)) return undefined;
  const compute = scalarFunction(rewriter, instruction, from, type.dtype);
  return rewriter.fill(type, compute(...(scalars as [Scalar, Scalar])));
}

function scalarFunction(
  { late }: Rewriter,
  instruction: AnyInstruction,
  from: DType,
  to: DType,
): (a: Scalar, b: Scalar) => Scalar {
  const { op } = instruction;
  if (op === 'compare') return compareFunction(instruction.attributes.direction);
  if (!isFloating(from) || op === 'convert') return needed(late).scalarFunction(instruction, from, to);
  if (unaryOps.has(op)) return floatUnary(op as UnaryOp, to) as (x: Scalar) => Scalar;
  return floatBinary(op as BinaryOp, to) as (a: Scalar, b: Scalar) => Scalar;
}

/** Constants on the right, so that equal expressions look equal. */
function constantRight(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const [left, right] = instruction.operands as [ValueId, ValueId];
  if (rewriter.splatOf(left) === undefined || rewriter.splatOf(right) !== undefined) return undefined;
  return rewriter.add({ ...instruction, operands: [right, left] } as AnyInstruction);
}

const commutative = [...commutativeOps];

export const algebraRules: readonly Rule[] = [
  // fold constants
  { ops: [...unaryOps, ...binaryOps, 'compare', 'convert'], constant: true, rewrite: foldConstants },
  // x ∘ identity → x
  { ops: commutative, constant: true, rewrite: withIdentity },
  // x ∘ right identity → x
  {
    ops: [...rightIdentities.keys()] as BinaryOp[],
    constant: true,
    rewrite: withRightIdentity,
  },
  // integer x · 0 → 0
  { ops: ['multiply', 'and'], constant: true, rewrite: integerZero },
  // x ∘ x → x
  { ops: ['maximum', 'minimum', 'and', 'or'], rewrite: sameOperands },
  // f(f(x)) → x
  { ops: involutions, rewrite: twice },
  // f(f(x)) → f(x)
  { ops: idempotent, rewrite: again },
  // x² → x · x
  { ops: ['power'], constant: true, rewrite: square },
  // x / 2ⁿ → x · 2⁻ⁿ
  { ops: ['divide'], constant: true, rewrite: divideByPowerOfTwo },
  // select of one → it
  { ops: ['select'], rewrite: selectSame },
  // convert ∘ lossless convert
  { ops: ['convert'], rewrite: convertChain },
  // constants right
  { ops: commutative, constant: true, rewrite: constantRight },
];
