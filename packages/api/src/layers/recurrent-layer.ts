/** What SimpleRNN, LSTM and GRU share: they take the arguments of their cell as their own. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Activation } from '../activations/activations.js';
import { show } from '../engine/show.js';
import type { AnyTable, Config, Row } from '../engine/table.js';
import { RNNClass, rnnRows } from './rnn-base.js';
import { hideStream, type RNNCell } from './rnn-cell.js';
import { withActivityRegularizer } from './support.js';

/** Arguments of a cell, by name. */
export type CellArguments = { readonly [name: string]: unknown };

/** Keras' way to ask for NVIDIA's kernels: `auto`, the default, or false. */
export interface CudnnOptions {
  /** Accepted as Keras has it. No backend has cuDNN, so `true`, which insists on it, is an error. */
  readonly useCudnn?: 'auto' | boolean | undefined;
}

export const cudnnRow: Row<'auto' | false> = {
  key: 'use_cudnn',
  required: false,
  fallback: () => 'auto',
  resolve: (value, subject) => {
    if (value === 'auto' || value === false) return value;
    throw new CeratopsError('INVALID_ARGUMENT', "bad argument 'use_cudnn'", {
      subject,
      expected: "'auto' or false: no backend has cuDNN",
      received: show(value),
    });
  },
  serialize: (value) => value,
};

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
    const others = { units: true, useCudnn: true, ...rnnRows() };
    const own = Object.keys(table.call(this.constructor)).filter((name) => !Object.hasOwn(others, name));
    const settings = this as unknown as CellArguments;
    const given = Object.fromEntries(own.map((name) => [name, settings[name]]));
    (this as { cell: RNNCell }).cell = this.makeCell({ ...given, dtype: this.dtypePolicy, trainable: this.trainable });
    hideStream(this);
  }

  /** The config without what Keras does not keep. */
  override getConfig(): Config {
    const { use_cudnn: _, ...config } = withActivityRegularizer(super.getConfig());
    return config;
  }

  /** The cell, made of the layer's own arguments, `units` aside. */
  protected abstract makeCell(options: CellArguments): RNNCell;
}
