import type { Tensor } from '@ceratops/core';
import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import { add, matmul } from '../ops/common.js';
import { RecurrentCell, simpleRows } from './recurrent-weights.js';
import type { CellOptions, CellResult, RecurrentOptions } from './rnn-cell.js';

export interface SimpleRNNCellOptions extends RecurrentOptions {}

class SimpleRNNCellClass extends RecurrentCell {
  protected readonly gates = 1;
  protected override readonly dropsAll = true;

  static override table(): AnyTable {
    return simpleRows();
  }

  get stateSize(): number {
    return this.units;
  }

  override call(x: Tensor, { states, training }: CellOptions): CellResult {
    const seen = this.seen(x, states[0] as Tensor, training);
    const product = matmul(seen.inputs[0]!, this.kernel!);
    const input = this.bias === undefined ? product : add(product, this.bias);
    const output = this.activation(add(input, matmul(seen.states[0]!, this.recurrentKernel!)));
    return [output, [output]];
  }
}

/** One step of a fully connected recurrent layer. */
export interface SimpleRNNCell extends SimpleRNNCellClass {}

export interface SimpleRNNCellConstructor {
  /** `activation(x · kernel + bias + state · recurrentKernel)`, for `RNN`. @param units size of the output and of the state. */
  new (
    units: number,
    activation?: ActivationIdentifier | SimpleRNNCellOptions,
    options?: SimpleRNNCellOptions,
  ): SimpleRNNCell;
  /** `activation(x · kernel + bias + state · recurrentKernel)`, for `RNN`. @param units size of the output and of the state. */
  (
    units: number,
    activation?: ActivationIdentifier | SimpleRNNCellOptions,
    options?: SimpleRNNCellOptions,
  ): SimpleRNNCell;
  readonly prototype: SimpleRNNCell;
}

export const SimpleRNNCell: SimpleRNNCellConstructor = /*#__PURE__*/ define('SimpleRNNCell', SimpleRNNCellClass, {
  module: 'keras.layers',
});
