import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { isBuiltByCall } from '../engine/layer-call.js';
import { isLayer } from '../engine/layer-state.js';
import { show } from '../engine/show.js';
import type { Row, Table } from '../engine/table.js';
import { literal } from '../ops/support.js';
import { deserializeKerasObject } from '../saving/deserialize.js';
import { serializeKerasObject } from '../saving/serialize.js';
import type { CellOptions, CellResult, RNNCell, StateSize } from './rnn-cell.js';
import type { States } from './rnn-loop.js';

export interface StackedRNNCellsOptions extends LayerOptions {}

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

const cellsRow: Row<readonly RNNCell[]> = {
  key: 'cells',
  required: true,
  fallback: () => [],
  resolve: (value, subject) => {
    if (Array.isArray(value) && value.length > 0) return value.map((cell) => requireCell(cell, subject));
    throw new CeratopsError('INVALID_ARGUMENT', "bad argument 'cells'", {
      subject,
      expected: 'a list of cells',
      received: show(value),
    });
  },
  serialize: (cells) => cells.map(serializeKerasObject),
};

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

class StackedRNNCellsClass extends Layer<Tensor, CellResult> {
  declare readonly cells: readonly RNNCell[];

  static override table(): Table<{ cells: readonly RNNCell[] }> {
    return { cells: cellsRow };
  }

  get stateSize(): readonly StateSize[] {
    return this.cells.map(({ stateSize }) => stateSize as StateSize);
  }

  get outputSize(): number {
    return outputSizeOf(this.cells.at(-1)!);
  }

  getInitialState(batchSize: number): States {
    return this.cells.map((cell) => {
      const states = initialStatesOf(cell, batchSize) as readonly Tensor[];
      return cell.getInitialState === undefined && typeof cell.stateSize === 'number' ? states[0]! : states;
    });
  }

  override build(inputShape: SymbolicShape): void {
    let shape = inputShape;
    for (const cell of this.cells) {
      buildCell(cell, shape);
      shape = [inputShape[0]!, outputSizeOf(cell)];
    }
  }

  override call(inputs: Tensor, { states, training }: CellOptions): CellResult {
    let output = inputs;
    const next = this.cells.map((cell, i) => {
      const own = states[i]!;
      const isList = Array.isArray(own);
      const given = isList ? (own as readonly Tensor[]) : [own as Tensor];
      const [result, after] = (cell as unknown as Layer<Tensor, CellResult>)(output, { states: given, training });
      output = result;
      return after.length === 1 && !isList ? (after[0] as Tensor) : (after as readonly Tensor[]);
    });
    return [output, next];
  }
}

/** Several cells as one: each takes what the one before gives. */
export interface StackedRNNCells extends StackedRNNCellsClass {}

export interface StackedRNNCellsConstructor {
  /** Several cells as one: each takes what the one before gives. */
  new (cells: readonly Layer<never, unknown>[], options?: StackedRNNCellsOptions): StackedRNNCells;
  /** Several cells as one: each takes what the one before gives. */
  (cells: readonly Layer<never, unknown>[], options?: StackedRNNCellsOptions): StackedRNNCells;
  readonly prototype: StackedRNNCells;
}

export const StackedRNNCells: StackedRNNCellsConstructor = /*#__PURE__*/ define(
  'StackedRNNCells',
  StackedRNNCellsClass,
  { module: 'keras.layers' },
);
