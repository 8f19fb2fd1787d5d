/** The activation functions of neural networks. Integers are computed in the default float. */

import { stopGradient, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import {
  erf,
  logistic as logisticComposite,
  logSoftmax as logSoftmaxComposite,
  relu as reluComposite,
  softmax as softmaxComposite,
} from '@ceratops/kernel-registry/composites';
import { keepAxes, logsumexpOver } from './reductions.js';
import {
  type Axis,
  declare,
  defineOp,
  floatUnary,
  leading,
  literal,
  negativeSize,
  normalizeAxes,
  type Op,
  snake,
  toFloat,
  type Unary,
} from './support.js';

function scale(x: Tensor, factor: number): Tensor {
  return prim.multiply(x, literal(x, factor));
}

function shift(x: Tensor, by: number): Tensor {
  return prim.add(x, literal(x, by));
}

/** max(x, 0), with gradient 0 at 0. */
export function rectify(x: Tensor): Tensor {
  return prim.compositeAtHand(reluComposite, [x])[0]!;
}

/** Between 0 and 6; gradient 0 at both ends. */
function rectify6(x: Tensor): Tensor {
  const ceiling = literal(x, 6);
  return prim.select(prim.compare(x, ceiling, 'GE'), ceiling, rectify(x));
}

/** 1 / (1 + e⁻ˣ). */
export function logistic(x: Tensor): Tensor {
  return prim.compositeAtHand(logisticComposite, [x])[0]!;
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^-|x|). */
export function softplusOf(x: Tensor): Tensor {
  return prim.add(prim.maximum(x, literal(x, 0)), prim.logPlusOne(prim.exponential(negativeSize(x))));
}

/** x where positive, else the branch; the branch sees 0 for positive x, so that its gradient stays finite. */
function negativeBranch(x: Tensor, branch: (x: Tensor) => Tensor): Tensor {
  const zero = literal(x, 0);
  const positive = prim.compare(x, zero, 'GT');
  return prim.select(positive, x, branch(prim.select(positive, zero, x)));
}

export const relu: Op<Unary> = /*#__PURE__*/ floatUnary('Relu', rectify, 'nn');
/** min(max(x, 0), 6). */
export const relu6: Op<Unary> = /*#__PURE__*/ floatUnary('Relu6', rectify6, 'nn');
export const sigmoid: Op<Unary> = /*#__PURE__*/ floatUnary('Sigmoid', logistic, 'nn');
/** x · sigmoid(x). */
export const silu: Op<Unary> = /*#__PURE__*/ floatUnary('Silu', (x) => prim.multiply(x, logistic(x)), 'nn');
/** The same as `silu`. */
export const swish: Op<Unary> = silu;
/** relu6(x + 3) / 6. */
export const hardSigmoid: Op<Unary> = /*#__PURE__*/ floatUnary(
  'HardSigmoid',
  (x) => scale(rectify6(shift(x, 3)), 1 / 6),
  'nn',
);
/** x · hardSigmoid(x). */
export const hardSilu: Op<Unary> = /*#__PURE__*/ floatUnary(
  'HardSilu',
  (x) => prim.multiply(x, scale(rectify6(shift(x, 3)), 1 / 6)),
  'nn',
);
/** The same as `hardSilu`. */
export const hardSwish: Op<Unary> = hardSilu;
export const softplus: Op<Unary> = /*#__PURE__*/ floatUnary('Softplus', softplusOf, 'nn');
/** x / (1 + |x|). */
export const softsign: Op<Unary> = /*#__PURE__*/ floatUnary(
  'Softsign',
  (x) => prim.divide(x, shift(prim.abs(x), 1)),
  'nn',
);
export const logSigmoid: Op<Unary> = /*#__PURE__*/ floatUnary(
  'LogSigmoid',
  (x) => prim.negate(softplusOf(prim.negate(x))),
  'nn',
);
/** x limited to [-1, 1]. */
export const hardTanh: Op<Unary> = /*#__PURE__*/ floatUnary(
  'HardTanh',
  (x) =>
    prim.select(
      prim.compare(x, literal(x, 1), 'GT'),
      literal(x, 1),
      prim.select(prim.compare(x, literal(x, -1), 'LT'), literal(x, -1), x),
    ),
  'nn',
);
/** 0 up to -1, (x + 1)² / 4 up to 1, x from there. */
export const sparsePlus: Op<Unary> = /*#__PURE__*/ floatUnary(
  'SparsePlus',
  (x) => {
    const curve = scale(prim.multiply(shift(x, 1), shift(x, 1)), 0.25);
    const high = prim.select(prim.compare(x, literal(x, 1), 'GE'), x, curve);
    return prim.select(prim.compare(x, literal(x, -1), 'LE'), literal(x, 0), high);
  },
  'nn',
);
/** (x + 1) / 2 limited to [0, 1]. */
export const sparseSigmoid: Op<Unary> = /*#__PURE__*/ floatUnary(
  'SparseSigmoid',
  (x) => scale(prim.minimum(prim.maximum(shift(x, 1), literal(x, 0)), literal(x, 2)), 0.5),
  'nn',
);
/** x - tanh(x). */
export const tanhShrink: Op<Unary> = /*#__PURE__*/ floatUnary(
  'TanhShrink',
  (x) => prim.subtract(x, prim.tanh(x)),
  'nn',
);
/** x · tanh(softplus(x)). */
export const mish: Op<Unary> = /*#__PURE__*/ floatUnary(
  'Mish',
  (x) => prim.multiply(x, prim.tanh(softplusOf(x))),
  'nn',
);
/** Klambauer's scaled exponential linear unit. */
export const selu: Op<Unary> = /*#__PURE__*/ floatUnary(
  'Selu',
  (x) =>
    scale(
      negativeBranch(x, (low) => scale(prim.exponentialMinusOne(low), 1.6732632423543772)),
      1.0507009873554805,
    ),
  'nn',
);

interface Parameter<Name extends string, T> {
  readonly name: Name;
  readonly value: T;
}

type Parametric<Name extends string, T> = (
  x: TensorLike,
  value?: T | { readonly [K in Name]?: T | undefined },
) => Tensor;

/** An activation with one setting, given by position or by name. */
function parametric<Name extends string, T extends number | boolean>(
  className: string,
  { name, value: fallback }: Parameter<Name, T>,
  fn: (x: Tensor, value: T) => Tensor,
): Op<Parametric<Name, T>> {
  return defineOp(
    declare(className, 1, 'nn', [name], { defaults: { [snake(name)]: fallback } }),
    (x: TensorLike, first?: T | { readonly [K in Name]?: T | undefined }): Tensor => {
      const options = leading<{ readonly [K in Name]?: T | undefined }>(name, first, undefined);
      return fn(toFloat(x), options[name] ?? fallback);
    },
  );
}

/** x where positive, else `negativeSlope` · x (0.2 by default). */
export const leakyRelu: Op<Parametric<'negativeSlope', number>> = /*#__PURE__*/ parametric(
  'LeakyRelu',
  { name: 'negativeSlope', value: 0.2 },
  (x, slope) => prim.select(prim.compare(x, literal(x, 0), 'GE'), x, scale(x, slope)),
);
/** x where positive, else alpha · (eˣ - 1). */
export const elu: Op<Parametric<'alpha', number>> = /*#__PURE__*/ parametric(
  'Elu',
  { name: 'alpha', value: 1 },
  (x, alpha) => {
    return negativeBranch(x, (low) => scale(prim.exponentialMinusOne(low), alpha));
  },
);
/** max(x, 0) + min(alpha · (e^(x / alpha) - 1), 0). */
export const celu: Op<Parametric<'alpha', number>> = /*#__PURE__*/ parametric(
  'Celu',
  { name: 'alpha', value: 1 },
  (x, alpha) => {
    return negativeBranch(x, (low) => scale(prim.exponentialMinusOne(scale(low, 1 / alpha)), alpha));
  },
);
/** (x + √(x² + b)) / 2. */
export const squareplus: Op<Parametric<'b', number>> = /*#__PURE__*/ parametric(
  'Squareplus',
  { name: 'b', value: 4 },
  (x, b) => scale(prim.add(x, prim.sqrt(shift(prim.multiply(x, x), b))), 0.5),
);
/**
 * x · Φ(x): by tanh when `approximate` (the default of `ops.gelu`), else by erf. (1 + tanh u) / 2 is logistic(2u), which keeps its digits
 * where tanh nears -1.
 */
export const gelu: Op<Parametric<'approximate', boolean>> = /*#__PURE__*/ parametric(
  'Gelu',
  { name: 'approximate', value: true as boolean },
  (x, approximate) => {
    const slope = 2 * Math.sqrt(2 / Math.PI);
    const phi = approximate
      ? logistic(prim.multiply(x, shift(scale(prim.multiply(x, x), 0.044715 * slope), slope)))
      : scale(shift(prim.compositeAtHand(erf, [scale(x, Math.SQRT1_2)])[0]!, 1), 0.5);
    return prim.multiply(x, phi);
  },
);
/** 0 within ±threshold, elsewhere x moved by it towards 0. */
export const softShrink: Op<Parametric<'threshold', number>> = /*#__PURE__*/ parametric(
  'SoftShrink',
  { name: 'threshold', value: 0.5 },
  (x, threshold) => {
    const low = prim.select(prim.compare(x, literal(x, -threshold), 'LT'), shift(x, threshold), literal(x, 0));
    return prim.select(prim.compare(x, literal(x, threshold), 'GT'), shift(x, -threshold), low);
  },
);
/** 0 within ±threshold, elsewhere x. */
export const hardShrink: Op<Parametric<'threshold', number>> = /*#__PURE__*/ parametric(
  'HardShrink',
  { name: 'threshold', value: 0.5 },
  (x, threshold) => prim.select(prim.compare(prim.abs(x), literal(x, threshold), 'GT'), x, literal(x, 0)),
);

export interface SoftmaxOptions {
  readonly axis?: Axis | undefined;
}

export type Softmax = (x: TensorLike, axis?: Axis | SoftmaxOptions) => Tensor;

/** eˣ / Σ eˣ over the axes, shifted by the maximum. */
export function softmaxOver(x: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 1) return prim.compositeAtHand(softmaxComposite, [x], { axis: axes[0]! })[0]!;
  const widen = (value: Tensor): Tensor => prim.broadcastTo(keepAxes(value, x.shape, axes, true), x.shape);
  const exponentials = prim.exponential(prim.subtract(x, stopGradient(widen(prim.reduceMax(x, axes)))));
  return prim.divide(exponentials, widen(prim.reduceSum(exponentials, axes)));
}

/** Probabilities along an axis (-1 by default). */
export const softmax: Op<Softmax> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Softmax', 1, 'nn', ['axis'], { defaults: { axis: -1 } }),
  (x: TensorLike, first?: Axis | SoftmaxOptions): Tensor => {
    const { axis = -1 } = leading<SoftmaxOptions>('axis', first, undefined);
    const value = toFloat(x);
    return softmaxOver(value, normalizeAxes(axis, value.shape.length, 'softmax'));
  },
);

/** log(softmax(x)), computed without the quotient. */
export const logSoftmax: Op<Softmax> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('LogSoftmax', 1, 'nn', ['axis'], { defaults: { axis: -1 } }),
  (x: TensorLike, first?: Axis | SoftmaxOptions): Tensor => {
    const { axis = -1 } = leading<SoftmaxOptions>('axis', first, undefined);
    const value = toFloat(x);
    return logSoftmaxOver(value, normalizeAxes(axis, value.shape.length, 'logSoftmax'));
  },
);

export function logSoftmaxOver(x: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 1) return prim.compositeAtHand(logSoftmaxComposite, [x], { axis: axes[0]! })[0]!;
  const total = keepAxes(logsumexpOver(x, axes), x.shape, axes, true);
  return prim.subtract(x, prim.broadcastTo(total, x.shape));
}
