import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import { LSTMCell, type LSTMCellOptions } from './lstm-cell.js';
import { type CellArguments, type CudnnOptions, cudnnRow, RecurrentLayer } from './recurrent-layer.js';
import { lstmRows } from './recurrent-weights.js';
import type { RNNOptions } from './rnn.js';
import { rnnRows } from './rnn-base.js';
import type { RNNCell } from './rnn-cell.js';

export interface LSTMOptions extends LSTMCellOptions, RNNOptions, CudnnOptions {}

class LSTMClass extends RecurrentLayer {
  declare readonly useCudnn: 'auto' | false;
  declare readonly unitForgetBias: boolean;

  static override table(): AnyTable {
    return { ...lstmRows(), ...rnnRows(), useCudnn: cudnnRow };
  }

  protected override makeCell(options: CellArguments): RNNCell {
    return LSTMCell(this.units, { ...options, name: 'lstm_cell' }) as unknown as RNNCell;
  }
}

/** Long short-term memory. */
export interface LSTM extends LSTMClass {}

export interface LSTMConstructor {
  /** Long short-term memory (Hochreiter and Schmidhuber 1997) over [batch, time, features]. @param units size of the output. */
  new (units: number, activation?: ActivationIdentifier | LSTMOptions, options?: LSTMOptions): LSTM;
  /** Long short-term memory (Hochreiter and Schmidhuber 1997) over [batch, time, features]. @param units size of the output. */
  (units: number, activation?: ActivationIdentifier | LSTMOptions, options?: LSTMOptions): LSTM;
  readonly prototype: LSTM;
}

export const LSTM: LSTMConstructor = /*#__PURE__*/ define('LSTM', LSTMClass, { module: 'keras.layers' });
