import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { show } from '../engine/show.js';
import type { Row, Table } from '../engine/table.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { buildCell, initialStatesOf, outputSizeOf, requireCell } from './cells.js';
import { type CellOptions, type CellResult, type RNNCell, requireStates, type StateSize } from './rnn-cell.js';
import type { States } from './rnn-loop.js';

export interface StackedRNNCellsOptions extends LayerOptions {}

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

  override invoke(inputs: Tensor, options?: CellOptions): CellResult {
    requireStates(this, options, this.cells.length);
    return super.invoke(inputs, options);
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
