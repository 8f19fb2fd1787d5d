import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import type { AnyTable, Config } from '../engine/table.js';
import { type CellArguments, RecurrentLayer } from './recurrent-layer.js';
import { simpleRows } from './recurrent-weights.js';
import type { RNNOptions } from './rnn.js';
import { rnnRows } from './rnn-base.js';
import type { RNNCell } from './rnn-cell.js';
import { SimpleRNNCell, type SimpleRNNCellOptions } from './simple-rnn-cell.js';

export interface SimpleRNNOptions extends SimpleRNNCellOptions, RNNOptions {}

class SimpleRNNClass extends RecurrentLayer {
  static override table(): AnyTable {
    return { ...simpleRows(), ...rnnRows() };
  }

  /** Keras does not write the seed of this layer. */
  override getConfig(): Config {
    const { seed: _seed, ...config } = super.getConfig();
    return config;
  }

  protected override makeCell(options: CellArguments): RNNCell {
    return SimpleRNNCell(this.units, { ...options, name: 'simple_rnn_cell' }) as unknown as RNNCell;
  }
}

/** Fully connected recurrent layer. */
export interface SimpleRNN extends SimpleRNNClass {}

export interface SimpleRNNConstructor {
  /** A fully connected recurrent layer over [batch, time, features]. @param units size of the output. */
  new (units: number, activation?: ActivationIdentifier | SimpleRNNOptions, options?: SimpleRNNOptions): SimpleRNN;
  /** A fully connected recurrent layer over [batch, time, features]. @param units size of the output. */
  (units: number, activation?: ActivationIdentifier | SimpleRNNOptions, options?: SimpleRNNOptions): SimpleRNN;
  readonly prototype: SimpleRNN;
}

export const SimpleRNN: SimpleRNNConstructor = /*#__PURE__*/ define('SimpleRNN', SimpleRNNClass, {
  module: 'keras.layers',
});
