/**
 * Scaled dot-product attention. Its gradient keeps only the logarithm of each row's sum and finds the probabilities again, so that a
 * backend can run both ways without a matrix of query × key positions in memory (Dao et al., FlashAttention, 2022).
 */

import type { Emitter, Value } from '../builder.js';
import { type CompositeAttributes, type CompositeDefinition, defineComposite } from '../composite.js';
import { type DType, dtypes } from '../dtype.js';
import { broadcastTo } from '../emit/broadcast-to.js';
import { composite } from '../emit/composite.js';
import { constantLike, fill, iota } from '../emit/constant.js';
import { dotGeneral, reduceMax, reduceOr, reduceSum } from '../emit/contraction.js';
import {
  add,
  and,
  compare,
  convert,
  divide,
  exponential,
  log,
  multiply,
  select,
  subtract,
} from '../emit/elementwise.js';
import { broadcastInDim, broadcastOver, reshape, transpose } from '../emit/movement.js';
import { argumentError, checkKind, formatTypes, kindBit, shapeError } from '../infer/rule.js';
import { type Shape, type TensorType, tensorType } from '../tensor-type.js';

/** Far below every score, yet finite: what JAX gives a position that is not seen. */
const unseen = -0.7 * 3.4028234663852886e38;

interface Settings {
  readonly scale: number;
  readonly causal: boolean;
}

function settingsOf({ scale, causal }: CompositeAttributes): Settings {
  return { scale: scale as number, causal: causal === true };
}

/** Sixteen-bit scores are computed in float32. */
function wideDType(dtype: DType): DType {
  return dtypes[dtype].bits < 32 ? 'float32' : dtype;
}

function wide(e: Emitter, x: Value): Value {
  return convert(e, x, wideDType(x.type.dtype));
}

interface Extras<T> {
  readonly bias: T | undefined;
  readonly mask: T | undefined;
}

/** What follows the value: a bias if it is a float, a mask if it is bool. */
function extrasOf<T>(operands: readonly T[], typeOf: (operand: T) => TensorType): Extras<T> {
  const isMask = (operand: T): boolean => typeOf(operand).dtype === 'bool';
  return { bias: operands.find((operand) => !isMask(operand)), mask: operands.find(isMask) };
}

function scoreShape(query: Shape, key: Shape): Shape {
  return [query[0]!, query[2]!, query[1]!, key[1]!];
}

/** Each head of keys or values as often as query heads share it. */
function repeatHeads(e: Emitter, x: Value, heads: number): Value {
  const [batch, length, own, depth] = x.type.shape as readonly [number, number, number, number];
  if (own === heads) return x;
  const grouped = broadcastInDim(e, x, [batch, length, own, heads / own, depth], [0, 1, 2, 4]);
  return reshape(e, grouped, [batch, length, heads, depth]);
}

/** The transpose of `repeatHeads`. */
function sumHeads(e: Emitter, x: Value, own: number): Value {
  const [batch, length, heads, depth] = x.type.shape as readonly [number, number, number, number];
  if (own === heads) return x;
  return reduceSum(e, reshape(e, x, [batch, length, own, heads / own, depth]), [3]);
}

/** `[B, T, N, D] · [B, S, N, D]`, over D, as `[B, N, T, S]`. */
function pairs(e: Emitter, x: Value, y: Value): Value {
  return dotGeneral(e, x, y, {
    lhsContractingDimensions: [3],
    rhsContractingDimensions: [3],
    lhsBatchingDimensions: [0, 2],
    rhsBatchingDimensions: [0, 2],
  });
}

/** `[B, N, T, S]` applied to rows `[B, L, N, D]`: over S (axis 3) or T (axis 2), as `[B, the other, N, D]`. */
function apply(e: Emitter, weights: Value, rows: Value, axis: 2 | 3): Value {
  const product = dotGeneral(e, weights, rows, {
    lhsContractingDimensions: [axis],
    rhsContractingDimensions: [1],
    lhsBatchingDimensions: [0, 1],
    rhsBatchingDimensions: [0, 2],
  });
  return transpose(e, product, [0, 2, 1, 3]);
}

/** Which positions count, in a shape that broadcasts to the scores; undefined for all. */
function visibleOf(e: Emitter, shape: Shape, mask: Value | undefined, { causal }: Settings): Value | undefined {
  if (!causal) return mask;
  const type = tensorType('int32', [1, 1, shape[2]!, shape[3]!]);
  const past = compare(e, iota(e, type, 2), iota(e, type, 3), 'GE');
  return mask === undefined ? past : and(e, broadcastTo(e, past, shape), broadcastTo(e, mask, shape));
}

interface Scores {
  readonly scores: Value;
  readonly visible: Value | undefined;
}

/** Scores of the wide dtype. A row that sees nothing has the same score everywhere, and so the mean of all values as its result. */
function scoresOf(e: Emitter, query: Value, key: Value, extras: Extras<Value>, settings: Settings): Scores {
  const products = pairs(e, wide(e, query), repeatHeads(e, wide(e, key), query.type.shape[2]!));
  const { dtype, shape } = products.type;
  const scaled = multiply(e, products, constantLike(e, products, settings.scale));
  const { bias, mask } = extras;
  const biased = bias === undefined ? scaled : add(e, scaled, broadcastTo(e, convert(e, bias, dtype), shape));
  const seen = visibleOf(e, shape, mask, settings);
  if (seen === undefined) return { scores: biased, visible: undefined };
  const visible = broadcastTo(e, seen, shape);
  const low = fill(e, tensorType(dtype, shape), unseen);
  if (mask === undefined) return { scores: select(e, visible, biased, low), visible };
  const rows = seen.type.shape.map((size, axis) => (axis === 3 ? 1 : size));
  const any = broadcastTo(e, reshape(e, reduceOr(e, seen, [3]), rows), shape);
  return { scores: select(e, visible, biased, select(e, any, low, constantLike(e, low, 0))), visible };
}

function overKeys(e: Emitter, row: Value, like: Value): Value {
  return broadcastOver(e, row, like.type.shape, [3]);
}

function checkOperands(name: string, operands: readonly TensorType[]): void {
  const [query, key, value, ...extras] = operands;
  if (query === undefined || key === undefined || value === undefined || extras.length > 2) {
    argumentError(name, 'wrong number of operands', 'query, key, value [, bias] [, mask]', formatTypes(operands));
  }
  for (const type of [query, key, value]) checkKind(name, type, kindBit.float);
  const [batch, , heads, depth] = query.shape;
  const [keyBatch, length, groups, keyDepth] = key.shape;
  const fits =
    operands.every(({ shape }) => shape.length === 4) &&
    batch === keyBatch &&
    depth === keyDepth &&
    heads! % groups! === 0 &&
    value.shape.slice(0, 3).every((size, axis) => size === key.shape[axis]) &&
    length !== 0;
  if (!fits) {
    shapeError(name, 'the operands do not fit', '[B, T, N, D], [B, S, K, D], [B, S, K, V]', formatTypes(operands));
  }
  const scores = scoreShape(query.shape, key.shape);
  for (const { shape } of extras) {
    if (shape.every((size, axis) => size === 1 || size === scores[axis])) continue;
    shapeError(name, 'bias or mask does not broadcast', `[${scores}] or 1 in its place`, `[${shape}]`);
  }
}

/** The gradient's operands: those of attention, then rows [B, N, T] of log-sums and of `delta`, then the output's cotangent. */
export const attentionBackward: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.attention_bwd@1',
  infer: (operands) => {
    const given = operands.slice(0, -3);
    checkOperands('ceratops.attention_bwd@1', given);
    return given.filter(({ dtype }) => dtype !== 'bool');
  },
  decompose: (e, operands, attributes) => {
    const [query, key, value, ...rest] = operands.slice(0, -3) as [Value, Value, Value, ...Value[]];
    const [sums, delta, cotangent] = operands.slice(-3) as [Value, Value, Value];
    const settings = settingsOf(attributes);
    const extras = extrasOf(rest, ({ type }) => type);
    const [heads, groups] = [query.type.shape[2]!, key.type.shape[2]!];
    const { scores, visible } = scoresOf(e, query, key, extras, settings);
    const g = wide(e, cotangent);
    const weights = exponential(e, subtract(e, scores, overKeys(e, sums, scores)));
    const slope = subtract(e, pairs(e, g, repeatHeads(e, wide(e, value), heads)), overKeys(e, delta, scores));
    const product = multiply(e, weights, slope);
    const ofScores = visible === undefined ? product : select(e, visible, product, constantLike(e, product, 0));
    const scaled = multiply(e, ofScores, constantLike(e, ofScores, settings.scale));
    const gradients = [
      apply(e, scaled, repeatHeads(e, wide(e, key), heads), 3),
      sumHeads(e, apply(e, scaled, wide(e, query), 2), groups),
      sumHeads(e, apply(e, weights, g, 2), groups),
    ].map((gradient, i) => convert(e, gradient, operands[i]!.type.dtype));
    return extras.bias === undefined ? gradients : [...gradients, sumTo(e, ofScores, extras.bias.type)];
  },
});

/** The transpose of a broadcast. */
function sumTo(e: Emitter, x: Value, { dtype, shape }: TensorType): Value {
  const stretched = shape.flatMap((size, axis) => (size === x.type.shape[axis] ? [] : [axis]));
  return convert(e, reshape(e, reduceSum(e, x, stretched), shape), dtype);
}

/**
 * softmax(scale · query·keyᵀ + bias) · value over heads. Operands: query [B, T, N, D], key [B, S, K, D], value [B, S, K, V] with N a
 * multiple of K, then a float bias and a bool mask, or one of them, that broadcast to [B, N, T, S]. Attributes: `scale`, and `causal`,
 * which hides the keys behind each query's position. Results: [B, T, N, V], and log Σ exp of each row of scores, [B, N, T] in float32 or wider.
 */
export const attention: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.attention@1',
  infer: (operands) => {
    checkOperands('ceratops.attention@1', operands);
    const [{ dtype, shape }, , value] = operands as [TensorType, TensorType, TensorType];
    const [batch, length, heads] = shape as readonly [number, number, number];
    return [
      tensorType(dtype, [batch, length, heads, value.shape[3]!]),
      tensorType(wideDType(dtype), [batch, heads, length]),
    ];
  },
  decompose: (e, [query, key, value, ...rest], attributes) => {
    const extras = extrasOf(rest, ({ type }) => type);
    const { scores } = scoresOf(e, query!, key!, extras, settingsOf(attributes));
    const peak = reduceMax(e, scores, [3]);
    const powers = exponential(e, subtract(e, scores, overKeys(e, peak, scores)));
    const sum = reduceSum(e, powers, [3]);
    const total = apply(e, powers, repeatHeads(e, wide(e, value!), query!.type.shape[2]!), 3);
    const output = divide(e, total, broadcastOver(e, transpose(e, sum, [0, 2, 1]), total.type.shape, [3]));
    return [convert(e, output, query!.type.dtype), add(e, peak, log(e, sum))];
  },
  vjp: {
    forward: (e, operands, attributes) => {
      const results = e.emit('composite', operands, { name: 'ceratops.attention@1', attributes });
      return { results, residuals: [...operands, ...results] };
    },
    // With p = exp(scores − sums) and d = g·valueᵀ: the scores' gradient is p · (d − Σ p·d), and Σ p·d = Σ g·output.
    backward: (e, residuals, [g, gOfSums], attributes) => {
      const operands = residuals.slice(0, -2);
      const [output, sums] = residuals.slice(-2) as [Value, Value];
      const inner = reduceSum(e, multiply(e, wide(e, g!), wide(e, output)), [3]);
      const delta = subtract(e, transpose(e, inner, [0, 2, 1]), gOfSums!);
      const gradients = composite(e, attentionBackward, [...operands, sums, delta, g!], attributes);
      let next = 0;
      return operands.map(({ type }) => (type.dtype === 'bool' ? undefined : gradients[next++]));
    },
  },
});
