/** Errors of the ops with one output element per input element. */

import { type DType, dtypes, isComplex, isFloating } from '../../dtype.js';
import type { BinaryOp, OpName, UnaryOp } from '../../opset.js';
import { converter } from '../convert.js';
import { elementFunction, isElementwise } from '../elementwise.js';
import type { Scalar, Tensor } from '../tensor.js';
import { type ErrorRule, filledErrors, mapElements } from './bounded.js';
import { finite, type RoundingError, roundingErrorOf } from './rounding-error.js';

/** How far the exact result moves when the operand does. `f` is the op, `y` its result. */
type UnarySpread = (x: number, error: number, y: number, f: (x: number) => number) => number;
type BinarySpread = (a: number, ea: number, b: number, eb: number, y: number, f: Binary) => number;
type Binary = (a: number, b: number) => number;

/** How a result is rounded. */
type Rounding = 'ofRounding' | 'ofExact' | 'ofFunction';

const same: UnarySpread = (_x, error) => error;
const monotone: UnarySpread = (x, error, y, f) => Math.max(f(x + error) - y, y - f(x - error));
const bounded: UnarySpread = (_x, error) => Math.min(error, 2);

const unaries: { readonly [O in UnaryOp]?: readonly [UnarySpread, Rounding] } = {
  abs: [same, 'ofExact'],
  negate: [same, 'ofExact'],
  sign: [monotone, 'ofExact'],
  floor: [monotone, 'ofExact'],
  ceil: [monotone, 'ofExact'],
  round_nearest_even: [monotone, 'ofExact'],
  exponential: [monotone, 'ofFunction'],
  exponential_minus_one: [monotone, 'ofFunction'],
  log: [monotone, 'ofFunction'],
  log_plus_one: [monotone, 'ofFunction'],
  sqrt: [monotone, 'ofRounding'],
  tanh: [monotone, 'ofFunction'],
  sine: [bounded, 'ofFunction'],
  cosine: [bounded, 'ofFunction'],
};

const unbounded = Number.POSITIVE_INFINITY;

const sum: BinarySpread = (_a, ea, _b, eb) => ea + eb;
const farther: BinarySpread = (_a, ea, _b, eb) => Math.max(ea, eb);

const binaries: { readonly [O in BinaryOp]?: readonly [BinarySpread, Rounding] } = {
  add: [sum, 'ofRounding'],
  subtract: [sum, 'ofRounding'],
  multiply: [(a, ea, b, eb) => product(a, eb) + product(b, ea) + product(ea, eb), 'ofRounding'],
  // Whether a zero is negative is not kept, and a quotient shows it.
  divide: [
    (_a, ea, b, eb, y) => (Math.abs(b) <= eb ? unbounded : (ea + product(y, eb)) / (Math.abs(b) - eb)),
    'ofRounding',
  ],
  remainder: [remainderSpread, 'ofRounding'],
  maximum: [farther, 'ofExact'],
  minimum: [farther, 'ofExact'],
  power: [powerSpread, 'ofFunction'],
  atan2: [atan2Spread, 'ofFunction'],
};

/** 0 · ∞ is 0 here: a factor without error has none. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.abs(a) * b;
}

function remainderSpread(a: number, ea: number, b: number, eb: number): number {
  if (ea === 0 && eb === 0) return 0;
  const [size, divisor] = [Math.abs(a), Math.abs(b)];
  const quotient = Math.trunc((size + ea) / (divisor - eb));
  const isSure = divisor > eb && size > ea && quotient === Math.trunc((size - ea) / (divisor + eb));
  if (isSure) return ea + product(quotient, eb);
  return divisor > eb ? 2 * (divisor + eb) : unbounded;
}

function powerSpread(a: number, ea: number, b: number, eb: number, y: number, f: Binary): number {
  if (a === 0 && b < 0) return unbounded;
  if (ea === 0 && eb === 0) return 0;
  if (a - ea <= 0 && !(eb === 0 && Number.isInteger(b) && Math.abs(a) > ea)) return unbounded;
  const corners = [f(a - ea, b - eb), f(a - ea, b + eb), f(a + ea, b - eb), f(a + ea, b + eb)];
  return Math.max(...corners.map((corner) => Math.abs(corner - y)));
}

/** The angle moves by the arc that the error covers, and jumps where the sign of a zero decides. */
function atan2Spread(a: number, ea: number, b: number, eb: number): number {
  if (Math.abs(a) <= ea && b - eb <= 0) return unbounded;
  const [error, radius] = [Math.hypot(ea, eb), Math.hypot(a, b)];
  if (error === 0) return 0;
  return error < radius ? Math.asin(error / radius) : unbounded;
}

/** An operand's number at an index; scalars repeat. */
function reader({ type, data }: Tensor): (index: number) => number {
  const numbers = data as Float64Array;
  return type.shape.length === 0 ? () => numbers[0]! : (index) => numbers[index]!;
}

/** Ops of which integers and bools know everything or nothing. */
function exactErrors(errors: readonly Tensor[]): (index: number) => number {
  const readers = errors.map(reader);
  return (i) => (readers.every((read) => read(i) === 0) ? 0 : unbounded);
}

/** The error of a result of these operand errors: what is no number comes only from what is exact. */
function guarded(y: number, isSure: boolean, error: number): number {
  if (!Number.isFinite(y)) return isSure ? 0 : unbounded;
  return finite(error);
}

export function elementwiseErrors<O extends OpName>(op: O): ErrorRule<O> {
  return ({ operands, attributes, results, values }, context) => {
    const type = results[0]!;
    const errors = operands.map(({ error }) => error);
    const [a, b] = operands.map(({ value }) => reader(value)) as [Read, Read | undefined];
    const [ea, eb] = errors.map(reader) as [Read, Read | undefined];
    const { dtype } = operands[0]!.value.type;
    const y = reader(values[0]!);
    const rounding = isFloating(type.dtype) ? roundingErrorOf(type.dtype) : undefined;
    if (!isElementwise(op) || rounding === undefined || !isFloating(dtype)) {
      return [mapElements(type, exactErrors(errors))];
    }
    const types = operands.map(({ value }) => value.type);
    const f = elementFunction(op, attributes as never, types, context.evaluate) as unknown as Binary;
    const unary = unaries[op as UnaryOp];
    if (unary !== undefined) {
      const [spread, how] = unary;
      const one = f as unknown as (x: number) => number;
      return [mapElements(type, (i) => unaryError(a(i), ea(i), y(i), spread, how, one, rounding))];
    }
    const [spread, how] = binaries[op as BinaryOp]!;
    const isIntegral = op === 'add' || op === 'subtract' || op === 'multiply';
    return [
      mapElements(type, (i) => {
        const [left, right, result] = [a(i), b!(i), y(i)];
        if (ea(i) === unbounded || eb!(i) === unbounded) return unbounded;
        const isSure = ea(i) === 0 && eb!(i) === 0;
        if (isSure && isIntegral && isExactInteger(left, right, result, rounding)) return 0;
        const moved = finite(spread(left, ea(i), right, eb!(i), result, f));
        return guarded(result, isSure && moved === 0, rounding[how](result, moved));
      }),
    ];
  };
}

type Read = (index: number) => number;

function isExactInteger(a: number, b: number, y: number, { precision }: RoundingError): boolean {
  return Number.isInteger(a) && Number.isInteger(b) && Math.abs(y) <= precision.integers;
}

function unaryError(
  x: number,
  error: number,
  y: number,
  spread: UnarySpread,
  how: Rounding,
  f: (x: number) => number,
  rounding: RoundingError,
): number {
  if (error === unbounded) return unbounded;
  const moved = error === 0 ? 0 : finite(spread(x, error, y, f));
  return guarded(y, error === 0, rounding[how](y, moved));
}

/** Known where the operands are, or lie farther apart than their errors reach. */
export const compareErrors: ErrorRule<'compare'> = ({ operands, results }) => {
  const errors = operands.map(({ error }) => error);
  if (!isFloating(operands[0]!.value.type.dtype)) return [mapElements(results[0]!, exactErrors(errors))];
  const [a, b] = operands.map(({ value }) => reader(value)) as [Read, Read];
  const [ea, eb] = errors.map(reader) as [Read, Read];
  return [
    mapElements(results[0]!, (i) => {
      const error = ea(i) + eb(i);
      return error === 0 || Math.abs(a(i) - b(i)) > error ? 0 : unbounded;
    }),
  ];
};

export const finiteErrors: ErrorRule<'is_finite'> = ({ operands, results }) => {
  const error = reader(operands[0]!.error);
  return [mapElements(results[0]!, (i) => (Number.isFinite(error(i)) ? 0 : unbounded))];
};

export const selectErrors: ErrorRule<'select'> = ({ operands, results }) => {
  const [predicate, onTrue, onFalse] = operands.map(({ value }) => reader(value)) as [Read, Read, Read];
  const [unsure, ofTrue, ofFalse] = operands.map(({ error }) => reader(error)) as [Read, Read, Read];
  const floats = isFloating(results[0]!.dtype);
  return [
    mapElements(results[0]!, (i) => {
      if (unsure(i) === 0) return predicate(i) ? ofTrue(i) : ofFalse(i);
      const either = Math.max(ofTrue(i), ofFalse(i));
      if (onTrue(i) === onFalse(i)) return either;
      return floats ? finite(Math.abs(Number(onTrue(i)) - Number(onFalse(i))) + either) : unbounded;
    }),
  ];
};

export const convertErrors: ErrorRule<'convert'> = (
  { operands, attributes: { dtype: to }, results, values },
  context,
) => {
  const [{ value, error }] = operands as [(typeof operands)[number]];
  const from = value.type.dtype;
  if (isComplex(from) || isComplex(to)) return [filledErrors(results[0]!, unbounded)];
  const [x, e, y] = [reader(value), reader(error), reader(values[0]!)];
  if (isFloating(to)) {
    const rounding = roundingErrorOf(to);
    if (widens(from, to)) return [mapElements(results[0]!, e)];
    return [mapElements(results[0]!, (i) => guarded(y(i), e(i) === 0, rounding.ofRounding(y(i), e(i))))];
  }
  if (!isFloating(from)) return [mapElements(results[0]!, e)];
  const convert = converter(from, to, context.evaluate) as (x: Scalar) => number;
  return [
    mapElements(results[0]!, (i) => {
      const [low, high] = [x(i) - e(i), x(i) + e(i)];
      if (e(i) === 0) return 0;
      const differs = to === 'bool' ? low <= 0 && high >= 0 : convert(low) !== convert(high);
      return Number.isFinite(e(i)) && !differs ? 0 : unbounded;
    }),
  ];
};

/** Whether every number of `from` is one of `to`; what is wider than float64 is rounded by the evaluator already. */
function widens(from: DType, to: DType): boolean {
  if (to === 'float64') return true;
  return isFloating(from) && to === 'float32' && dtypes[from].bits === 16;
}
