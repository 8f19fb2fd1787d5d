/** Ends training when a metric stops improving. */

import type { Tensor } from '@ceratops/core';
import { type Defined, define } from '../engine/define.js';
import type { Logs } from '../engine/model.js';
import { bool, float, int, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { textStream } from '../utils/output.js';
import { MonitorCallback, type MonitorOptions, type MonitorSettings, monitorRows, readSettings } from './monitor.js';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** The least change that counts as an improvement. */
  readonly minDelta?: number | undefined;
  /** How many epochs without improvement to bear. */
  readonly patience?: number | undefined;
  readonly verbose?: 0 | 1 | undefined;
  /** Only values better than this count as progress. */
  readonly baseline?: number | undefined;
  /** Go back to the weights of the best epoch, also when training ran to its end. */
  readonly restoreBestWeights?: boolean | undefined;
  /** Epochs to wait before watching. */
  readonly startFromEpoch?: number | undefined;
}

interface EarlyStoppingSettings extends MonitorSettings {
  minDelta: number;
  patience: number;
  verbose: number;
  baseline: number | undefined;
  restoreBestWeights: boolean;
  startFromEpoch: number;
}

function table(): Table<EarlyStoppingSettings> {
  return {
    ...monitorRows(),
    minDelta: float('min_delta', 0),
    patience: int('patience', 0, { min: 0 }),
    verbose: int('verbose', 0, { min: 0, max: 1 }),
    baseline: optional(float('baseline')),
    restoreBestWeights: bool('restore_best_weights', false),
    startFromEpoch: int('start_from_epoch', 0, { min: 0 }),
  };
}

class EarlyStoppingClass extends MonitorCallback {
  /** The epoch at which training was stopped, or 0. */
  stoppedEpoch = 0;
  bestEpoch = 0;
  readonly #settings: EarlyStoppingSettings;
  #wait = 0;
  #bestWeights: Tensor[] | undefined;

  /** @param monitor the metric to watch, or all options. */
  constructor(monitor?: string | EarlyStoppingOptions, options?: EarlyStoppingOptions) {
    const settings = readSettings('EarlyStopping', table(), [monitor, options]);
    super(settings);
    this.#settings = settings;
  }

  onTrainBegin(): void {
    this.#wait = 0;
    this.stoppedEpoch = 0;
    this.best = undefined;
    this.bestEpoch = 0;
    this.#bestWeights = undefined;
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    const { startFromEpoch, restoreBestWeights, baseline, patience, minDelta } = this.#settings;
    const change = Math.abs(minDelta);
    const value = this.watched(logs);
    if (value === undefined || epoch < startFromEpoch) return;
    if (restoreBestWeights && this.#bestWeights === undefined) this.#remember(epoch);
    this.#wait++;
    if (this.improves(value, this.best, change)) {
      this.best = value;
      this.bestEpoch = epoch;
      if (restoreBestWeights) this.#remember(epoch);
      if (baseline === undefined || this.improves(value, baseline, change)) this.#wait = 0;
      return;
    }
    if (this.#wait < patience || epoch === 0) return;
    this.stoppedEpoch = epoch;
    if (this.model !== undefined) this.model.stopTraining = true;
  }

  onTrainEnd(): void {
    const verbose = this.#settings.verbose === 1;
    if (this.stoppedEpoch > 0 && verbose) textStream().write(`Epoch ${this.stoppedEpoch + 1}: early stopping\n`);
    if (this.#bestWeights === undefined) return;
    if (verbose) textStream().write(`Restoring model weights from the end of the best epoch: ${this.bestEpoch + 1}.\n`);
    this.model?.setWeights(this.#bestWeights);
  }

  #remember(epoch: number): void {
    this.#bestWeights = this.model?.getWeights();
    this.bestEpoch = epoch;
  }
}

export interface EarlyStopping extends EarlyStoppingClass {}

export const EarlyStopping: Defined<typeof EarlyStoppingClass> = /*#__PURE__*/ define(
  'EarlyStopping',
  EarlyStoppingClass,
  {
    module: 'keras.callbacks',
  },
);
