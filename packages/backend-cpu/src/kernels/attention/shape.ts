/** What attention's kernels know of their operands, and how they cut them: blocks of queries against blocks of keys. */

import { type OpQuery, type Shape, stridesOf } from '@ceratops/kernel-registry';

/** Multiples of every register tile's rows, and keys of every tile's columns too: a block of scores stays in the first cache. */
export const queriesPerBlock = 48;
export const keysPerBlock = 96;
/** Bytes between the rows of a block of scores. */
export const scorePitch: number = keysPerBlock * 4;

/** Bytes from one step of a digit to the next. Heads are those that share a group of keys; a missing digit does not move. */
export interface Strides {
  readonly batch?: number;
  readonly group?: number;
  readonly head?: number;
  readonly queryBlock?: number;
  readonly keyBlock?: number;
}

/** A tensor of rows: one per position and head. */
export interface Rows {
  readonly width: number;
  /** Bytes between the rows of one head. */
  readonly stride: number;
  readonly strides: Strides;
}

/** A bias or a mask, which may be broadcast in each dimension: a stride is then 0. */
export interface Extra {
  readonly operand: number;
  readonly strides: Strides;
  /** Bytes between queries, and between keys. */
  readonly query: number;
  readonly key: number;
}

export interface AttentionShape {
  readonly batch: number;
  /** Of keys; `heads` query heads share each. */
  readonly groups: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly query: Rows;
  readonly key: Rows;
  readonly value: Rows;
  readonly output: Rows;
  /** Of a tensor with a float for each query of each head. */
  readonly perQuery: Strides;
  readonly scale: number;
  readonly causal: boolean;
  readonly bias: Extra | undefined;
  readonly mask: Extra | undefined;
}

/** @param count how many operands are the forward pass's own. */
export function shapeOf(
  { operands, attributes }: OpQuery<'composite'>,
  count: number = operands.length,
): AttentionShape {
  const [query, key, value] = operands.map(({ shape }) => shape) as [Shape, Shape, Shape];
  const [batch, queries, queryHeads] = query as readonly [number, number, number];
  const [, keys, groups, depth] = key as readonly [number, number, number, number];
  const heads = queryHeads / groups;
  const extra = (isMask: boolean): Extra | undefined => {
    const operand = operands.findIndex(({ dtype }, i) => i > 2 && i < count && (dtype === 'bool') === isMask);
    if (operand < 0) return undefined;
    const { shape } = operands[operand]!;
    const size = isMask ? 1 : 4;
    const [b, n, t, s] = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride * size)) as number[];
    const strides = { batch: b!, group: n! * heads, head: n!, queryBlock: t! * queriesPerBlock };
    return { operand, strides, query: t!, key: s! };
  };
  const rows = (width: number): Rows => ({
    ...{ width, stride: queryHeads * width * 4 },
    strides: {
      batch: queries * queryHeads * width * 4,
      ...{ group: heads * width * 4, head: width * 4, queryBlock: queriesPerBlock * queryHeads * width * 4 },
    },
  });
  const keyRows = (width: number): Rows => ({
    ...{ width, stride: groups * width * 4 },
    strides: { batch: keys * groups * width * 4, group: width * 4, keyBlock: keysPerBlock * groups * width * 4 },
  });
  const { scale, causal } = attributes.attributes;
  return {
    ...{ batch, groups, heads, queries, keys },
    ...{ query: rows(depth), key: keyRows(depth), value: keyRows(value[3]!), output: rows(value[3]!) },
    perQuery: {
      ...{ batch: queryHeads * queries * 4, group: heads * queries * 4, head: queries * 4 },
      queryBlock: queriesPerBlock * 4,
    },
    ...{ scale: scale as number, causal: causal === true, bias: extra(false), mask: extra(true) },
  };
}

export function queryBlocks({ queries }: AttentionShape): number {
  return Math.ceil(queries / queriesPerBlock);
}

export function keyBlocks({ keys }: AttentionShape): number {
  return Math.ceil(keys / keysPerBlock);
}
