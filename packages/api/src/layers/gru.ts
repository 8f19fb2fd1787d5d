import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import { GRUCell, type GRUCellOptions } from './gru-cell.js';
import { type CellArguments, type CudnnOptions, cudnnRow, RecurrentLayer } from './recurrent-layer.js';
import { gruRows } from './recurrent-weights.js';
import type { RNNOptions } from './rnn.js';
import { rnnRows } from './rnn-base.js';
import type { RNNCell } from './rnn-cell.js';

export interface GRUOptions extends GRUCellOptions, RNNOptions, CudnnOptions {}

class GRUClass extends RecurrentLayer {
  declare readonly useCudnn: 'auto' | false;
  declare readonly resetAfter: boolean;

  static override table(): AnyTable {
    return { ...gruRows(), ...rnnRows(), useCudnn: cudnnRow };
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
