import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import { bool } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { GRUCell, type GRUCellOptions, type GRUSettings } from './gru-cell.js';
import { type CellArguments, RecurrentLayer } from './recurrent-layer.js';
import { gatedRows } from './recurrent-weights.js';
import { type RNNOptions, type RNNSettings, rnnRows } from './rnn.js';
import { type RNNCell, type Stream, streamRow } from './rnn-cell.js';

export interface GRUOptions extends GRUCellOptions, RNNOptions {}

class GRUClass extends RecurrentLayer {
  declare readonly resetAfter: boolean;

  static override table(): Table<Stream<GRUSettings> & RNNSettings> {
    return { ...gatedRows(), resetAfter: bool('reset_after', true), seed: streamRow(), ...rnnRows() };
  }

  protected override makeCell(options: CellArguments): RNNCell {
    return GRUCell(this.units, { ...options, name: 'gru_cell' }) as unknown as RNNCell;
  }
}

/** Gated recurrent unit. */
export interface GRU extends GRUClass {}

export interface GRUConstructor {
  /** Gated recurrent unit (Cho et al. 2014) over [batch, time, features]. @param units size of the output. */
  new (units: number, activation?: ActivationIdentifier | GRUOptions, options?: GRUOptions): GRU;
  /** Gated recurrent unit (Cho et al. 2014) over [batch, time, features]. @param units size of the output. */
  (units: number, activation?: ActivationIdentifier | GRUOptions, options?: GRUOptions): GRU;
  readonly prototype: GRU;
}

export const GRU: GRUConstructor = /*#__PURE__*/ define('GRU', GRUClass, { module: 'keras.layers' });
