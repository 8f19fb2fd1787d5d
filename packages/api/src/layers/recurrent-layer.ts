/** What SimpleRNN, LSTM and GRU share: they take the arguments of their cell as their own. */

import type { Activation } from '../activations/activations.js';
import type { AnyTable, Config } from '../engine/table.js';
import { RNNClass, rnnRows } from './rnn-base.js';
import { hideStream, type RNNCell } from './rnn-cell.js';
import { withActivityRegularizer } from './support.js';

/** Arguments of a cell, by name. */
export type CellArguments = { readonly [name: string]: unknown };

export abstract class RecurrentLayer extends RNNClass {
  declare readonly units: number;
  declare readonly activation: Activation;
  declare readonly useBias: boolean;
  declare readonly dropout: number;
  declare readonly recurrentDropout: number;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: 3 };
    const { table } = this.constructor as unknown as { table(): AnyTable };
    const others = { units: true, ...rnnRows() };
    const own = Object.keys(table.call(this.constructor)).filter((name) => !Object.hasOwn(others, name));
    const settings = this as unknown as CellArguments;
    const given = Object.fromEntries(own.map((name) => [name, settings[name]]));
    (this as { cell: RNNCell }).cell = this.makeCell({ ...given, dtype: this.dtypePolicy, trainable: this.trainable });
    hideStream(this);
  }

  override getConfig(): Config {
    return withActivityRegularizer(super.getConfig());
  }

  /** The cell, made of the layer's own arguments, `units` aside. */
  protected abstract makeCell(options: CellArguments): RNNCell;
}
