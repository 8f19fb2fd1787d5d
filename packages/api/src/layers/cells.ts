/** What recurrent layers do with cells of any kind. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { isBuiltByCall } from '../engine/layer-call.js';
import { isLayer } from '../engine/layer-state.js';
import { show } from '../engine/show.js';
import { literal } from '../ops/support.js';
import { deserializeKerasObject } from '../saving/deserialize.js';
import type { RNNCell } from './rnn-cell.js';
import type { States } from './rnn-loop.js';

/** @throws INVALID_ARGUMENT unless it is a layer with a state size. */
export function requireCell(value: unknown, subject: string): RNNCell {
  const cell = isLayer(value) ? value : reviveCell(value);
  if (isLayer(cell) && (cell as unknown as RNNCell).stateSize !== undefined) return cell as unknown as RNNCell;
  throw new CeratopsError('INVALID_ARGUMENT', 'not a cell', {
    subject,
    expected: 'a layer with stateSize, whose call takes (x, { states }) and gives [output, states]',
    received: show(value),
  });
}

function reviveCell(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'class_name' in value
    ? deserializeKerasObject(value as never)
    : value;
}

/** Size of what a cell gives. */
export function outputSizeOf({ outputSize, stateSize }: RNNCell): number {
  if (outputSize !== undefined) return outputSize;
  const first = typeof stateSize === 'number' ? stateSize : stateSize[0]!;
  return typeof first === 'number' ? first : first[0]!;
}

/** Zeros, or what the cell starts from. Always a list. */
export function initialStatesOf(cell: RNNCell, batchSize: number): States {
  const own = cell.getInitialState?.(batchSize);
  if (own !== undefined) return Array.isArray(own) ? own : [own as unknown as Tensor];
  const zerosOf = (size: number): Tensor => literal({ shape: [batchSize, size], dtype: cell.computeDtype }, 0);
  const sizes = typeof cell.stateSize === 'number' ? [cell.stateSize] : cell.stateSize;
  return sizes.map((size) => (typeof size === 'number' ? zerosOf(size) : size.map(zerosOf)));
}

/** Builds a cell unless its first call does. */
export function buildCell(cell: RNNCell, shape: SymbolicShape): void {
  if (!cell.built && !isBuiltByCall(cell as never)) cell.build(shape);
}
