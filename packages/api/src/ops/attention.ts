import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { attention } from '@ceratops/kernel-registry/composites';
import { castTo, declare, defineOp, type Op, shapeError } from './support.js';

export interface DotProductAttentionOptions {
  /** Added to the scores; broadcasts to [batch, heads, queries, keys]. */
  readonly bias?: TensorLike | null | undefined;
  /** Bool: true where a query sees a key; broadcasts to [batch, heads, queries, keys]. */
  readonly mask?: TensorLike | null | undefined;
  /** Multiplies the scores, 1 / √depth by default. */
  readonly scale?: number | null | undefined;
  /** Whether each query sees only the keys up to its own position; false by default. */
  readonly isCausal?: boolean | undefined;
  /** Of no effect: every backend that can avoids the matrix of scores. */
  readonly flashAttention?: boolean | null | undefined;
}

/** To rank 4, with sizes of 1 in front. */
function fourDimensional(given: TensorLike, what: string): Tensor {
  const x = asTensor(given);
  const missing = 4 - x.shape.length;
  if (missing < 0) throw shapeError('dotProductAttention', `${what} has the wrong rank`, 'rank 4 or less', `${x}`);
  return prim.reshape(x, [...new Array<number>(missing).fill(1), ...x.shape]);
}

function checkRank(x: Tensor, what: string): void {
  if (x.shape.length === 4) return;
  const expected = 'rank 4: batch, positions, heads, depth';
  throw shapeError('dotProductAttention', `${what} has the wrong rank`, expected, `rank ${x.shape.length}`);
}

/**
 * softmax(query · keyᵀ · scale + bias) · value in each head (Vaswani et al., Attention Is All You Need, 2017).
 * `query` is [batch, queries, heads, depth], `key` and `value` are [batch, keys, heads, depth]; these may have fewer heads, each of which
 * then serves as many query heads in a row. A query that sees no key gets the mean of all values.
 * @throws SHAPE_MISMATCH.
 */
export const dotProductAttention: Op<
  (query: TensorLike, key: TensorLike, value: TensorLike, options?: DotProductAttentionOptions) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('DotProductAttention', 3, 'nn', ['bias', 'mask', 'scale', 'isCausal', 'flashAttention'], {
    keywords: ['bias', 'mask', 'scale'],
    defaults: { is_causal: false, attn_logits_soft_cap: null },
  }),
  (query: TensorLike, key: TensorLike, value: TensorLike, options: DotProductAttentionOptions = {}): Tensor => {
    const { bias, mask, isCausal = false } = options;
    const given = [query, key, value].map((x) => asTensor(x));
    const dtype = promoteTypes(...given.map((x) => x.dtype));
    const operands = given.map((x) => castTo(x, dtype));
    operands.forEach((x, i) => {
      checkRank(x, ['query', 'key', 'value'][i]!);
    });
    if (bias !== null && bias !== undefined) operands.push(castTo(fourDimensional(bias, 'bias'), dtype));
    if (mask !== null && mask !== undefined) operands.push(castTo(fourDimensional(mask, 'mask'), 'bool'));
    const scale = options.scale ?? 1 / Math.sqrt(operands[0]!.shape[3]!);
    return prim.compositeAtHand(attention, operands, { scale, causal: isCausal })[0]!;
  },
);
