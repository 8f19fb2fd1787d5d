/** What Attention and AdditiveAttention share: `layer([query, value])` or `layer([query, value, key])`. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { KerasTensor, ShapeTree, SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { type CallArguments, Node } from '../engine/node.js';
import { float, int, optional } from '../engine/rows.js';
import { SeedGenerator } from '../engine/seed-generator.js';
import { inferOutputs } from '../engine/symbolic.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { expandDims, logicalNot, matmul, softmax, subtract, where } from '../ops/common.js';
import { dropout } from '../random/distributions.js';
import { allOf, causalMask, checkMask } from './attention-masks.js';
import { checkCallOptions, kerasOptions, ownOptions } from './call-options.js';

export interface ScoredAttentionOptions extends LayerOptions {
  /** Whether a weight scales the scores. */
  readonly useScale?: boolean | undefined;
  /** Rate at which probabilities are dropped while training, 0 by default. */
  readonly dropout?: number | undefined;
  /** Of the dropout's random stream; drawn when absent. */
  readonly seed?: number | undefined;
}

/** Options of a call. */
export interface ScoredAttentionCallOptions extends CallOptions {
  /** Of query and value, bool: [batch, queries] and [batch, keys]; taken from the tensors when absent. */
  readonly mask?: unknown;
  /** Whether each query sees only the keys up to its own position. */
  readonly useCausalMask?: boolean | undefined;
  /** Whether the probabilities are returned too, as the second result. */
  readonly returnAttentionScores?: boolean | undefined;
}

type WithScores = ScoredAttentionCallOptions & { readonly returnAttentionScores: true };

/** `layer([query, value])` or `layer([query, value, key])`. */
export interface ScoredAttentionCall<T> {
  (inputs: readonly T[], options: WithScores): [output: T, scores: T];
  (inputs: readonly T[], options?: ScoredAttentionCallOptions): T;
}

export interface DropoutSettings {
  readonly dropout: number;
  readonly seed: number | undefined;
}

export function dropoutRows(): Table<DropoutSettings> {
  return { dropout: float('dropout', 0, { min: 0, max: 1 }), seed: optional(int('seed')) };
}

export abstract class ScoredAttention extends Layer<never, unknown> {
  declare readonly useScale: boolean;
  declare readonly dropout: number;
  declare readonly seed: number | undefined;
  scale: Weight | undefined;
  readonly seedGenerator: SeedGenerator | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.seedGenerator = this.dropout > 0 ? new SeedGenerator(this.seed) : undefined;
  }

  /** [batch, queries, keys]. */
  protected abstract scores(query: Tensor, key: Tensor): Tensor;

  /** The output without a matrix of scores, where a class can do that. */
  protected fused(_query: Tensor, _key: Tensor, _value: Tensor, _isCausal: boolean): Tensor | undefined {
    return undefined;
  }

  /** The shapes of query, value and key. @throws SHAPE_MISMATCH unless these are two or three. */
  protected shapesFrom(shapes: ShapeTree): readonly [SymbolicShape, SymbolicShape, SymbolicShape] {
    const list = shapes as readonly SymbolicShape[];
    const isList = Array.isArray(list[0]);
    if (!isList || list.length < 2 || list.length > 3) {
      throw new CeratopsError('SHAPE_MISMATCH', 'wrong inputs', {
        subject: `${this}`,
        expected: 'a list [query, value] or [query, value, key]',
        received: isList ? `a list of ${list.length}` : 'one tensor',
      });
    }
    const [query, value, key = value] = list as readonly [SymbolicShape, SymbolicShape, SymbolicShape?];
    this.#checkKeys('depth', query.at(-1), key.at(-1));
    this.#checkKeys('number', value.at(-2), key.at(-2));
    return [query, value, key];
  }

  #checkKeys(what: 'depth' | 'number', expected: number | null | undefined, received: number | null | undefined): void {
    if (expected === received || expected === null || received === null) return;
    const other = what === 'depth' ? 'queries' : 'values';
    throw new CeratopsError('SHAPE_MISMATCH', `keys and ${other} differ in ${what}`, {
      subject: `${this}`,
      expected: `the ${what} of the ${other}, ${expected}`,
      received: `${received}`,
    });
  }

  override call(inputs: readonly Tensor[], options: ScoredAttentionCallOptions): Tensor | [Tensor, Tensor] {
    const [query, value, key = value] = inputs as readonly [Tensor, Tensor, Tensor?];
    const { training = false, useCausalMask = false, returnAttentionScores = false } = options;
    const [queryMask, valueMask] = this.#masks(options.mask, query, value);
    const drops = training && this.seedGenerator !== undefined;
    const whole =
      drops || returnAttentionScores || valueMask ? undefined : this.fused(query, key, value, useCausalMask);
    const weights = whole === undefined ? this.#weights(query, key, valueMask, useCausalMask) : undefined;
    const kept = drops ? dropout(weights!, this.dropout, { seed: this.seedGenerator }) : weights;
    const attended = whole ?? matmul(kept!, value);
    const output = queryMask ? where(expandDims(queryMask, -1), attended, 0) : attended;
    return returnAttentionScores ? [output, kept!] : output;
  }

  /** Of query and value; that of the key is not used. */
  #masks(mask: unknown, query: Tensor, value: Tensor): readonly (Tensor | undefined)[] {
    if (mask === undefined || mask === null) return [];
    if (!Array.isArray(mask) || mask.length < 2 || mask.length > 3) {
      throw new CeratopsError('INVALID_ARGUMENT', 'wrong masks', {
        expected: 'a list [of query, of value] or [of query, of value, of key], where undefined masks nothing',
        received: Array.isArray(mask) ? `a list of ${mask.length}` : 'no list',
      });
    }
    const [ofQuery, ofValue] = mask as readonly (Tensor | undefined)[];
    checkMask('the mask of the queries', ofQuery, query.shape.slice(0, -1));
    checkMask('the mask of the values', ofValue, value.shape.slice(0, -1));
    return [ofQuery, ofValue];
  }

  #weights(query: Tensor, key: Tensor, valueMask: Tensor | undefined, isCausal: boolean): Tensor {
    const scores = this.scores(query, key);
    const [queries, keys] = scores.shape.slice(-2) as [number, number];
    const visible = allOf([valueMask && expandDims(valueMask, -2), isCausal ? causalMask(queries, keys) : undefined]);
    if (visible === undefined) return softmax(scores, -1);
    const far = scores.dtype === 'float16' ? 65504 : 1e9;
    return softmax(where(logicalNot(visible), subtract(scores, far), scores), -1);
  }

  override invoke(inputs: never, options: ScoredAttentionCallOptions = {}): unknown {
    checkCallOptions(this, options, ['useCausalMask', 'returnAttentionScores']);
    return super.invoke(inputs, options);
  }

  override record(inputs: unknown, options: CallOptions, outputs: unknown): void {
    new Node(this, [inputs], kerasOptions(options), outputs);
  }

  override apply([inputs]: readonly unknown[], options: CallArguments): unknown {
    return this.invoke(inputs as never, ownOptions(options));
  }

  override computeOutputShape(shapes: ShapeTree): SymbolicShape {
    const [query, value] = this.shapesFrom(shapes);
    return [...query.slice(0, -1), value.at(-1) ?? null];
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions): unknown {
    this.shapesFrom((inputs as readonly KerasTensor[]).map(({ shape }) => shape));
    if (options.returnAttentionScores !== true) return super.computeOutputSpec(inputs, options);
    return inferOutputs((x: never, rest: CallOptions) => this.call(x, rest), [inputs, options]);
  }

  /** The query's. */
  override computeMask(_inputs: unknown, masks: unknown): unknown {
    return Array.isArray(masks) ? masks[0] : undefined;
  }
}
