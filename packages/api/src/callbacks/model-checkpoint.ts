/** Saves the model, or its weights, as it trains. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { type Defined, define } from '../engine/define.js';
import type { Logs } from '../engine/model.js';
import { bool, either, float, int, oneOf, optional, string } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { makeFolderFor } from '../saving/file-io.js';
import { textStream } from '../utils/output.js';
import { fillIn } from './file-names.js';
import { MonitorCallback, type MonitorOptions, type MonitorSettings, monitorRows, readSettings } from './monitor.js';

export interface ModelCheckpointOptions extends MonitorOptions {
  readonly verbose?: 0 | 1 | undefined;
  /** Save only when the watched metric is better than ever. */
  readonly saveBestOnly?: boolean | undefined;
  readonly saveWeightsOnly?: boolean | undefined;
  /** 'epoch', or a number of batches. */
  readonly saveFreq?: 'epoch' | number | undefined;
  /** Only values better than this count. */
  readonly initialValueThreshold?: number | undefined;
}

interface ModelCheckpointSettings extends MonitorSettings {
  filepath: string;
  verbose: number;
  saveBestOnly: boolean;
  saveWeightsOnly: boolean;
  saveFreq: 'epoch' | number;
  initialValueThreshold: number | undefined;
}

function table(): Table<ModelCheckpointSettings> {
  return {
    filepath: string('filepath'),
    ...monitorRows(),
    verbose: int('verbose', 0, { min: 0, max: 1 }),
    saveBestOnly: bool('save_best_only', false),
    saveWeightsOnly: bool('save_weights_only', false),
    saveFreq: either(oneOf('save_freq', ['epoch'], 'epoch'), int('save_freq', 1, { min: 1 })),
    initialValueThreshold: optional(float('initial_value_threshold')),
  };
}

class ModelCheckpointClass extends MonitorCallback {
  readonly filepath: string;
  readonly #settings: ModelCheckpointSettings;
  #epoch = 0;
  #batches = 0;
  #lastBatch = -1;

  /**
   * @param filepath ends in `.keras`, or in `.weights.h5` with `saveWeightsOnly`. `{epoch}`, `{epoch:02d}`, `{val_loss:.2f}` are
   * filled in; epochs count from 1.
   */
  constructor(filepath: string, monitor?: string | ModelCheckpointOptions, options?: ModelCheckpointOptions) {
    const settings = readSettings('ModelCheckpoint', table(), [filepath, monitor, options]);
    super(settings);
    const ending = settings.saveWeightsOnly ? '.weights.h5' : '.keras';
    if (!settings.filepath.endsWith(ending)) {
      throw new CeratopsError('INVALID_ARGUMENT', 'bad file name', {
        subject: 'ModelCheckpoint',
        expected: `a name that ends in ${ending}`,
        received: settings.filepath,
      });
    }
    this.filepath = settings.filepath;
    this.#settings = settings;
    this.best = settings.initialValueThreshold;
  }

  onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
  }

  /** @param batch the last of those that ran together. */
  wantsBatchEnd(batch: number): boolean {
    const { saveFreq } = this.#settings;
    if (saveFreq === 'epoch') return false;
    this.#batches += batch <= this.#lastBatch ? batch + 1 : batch - this.#lastBatch;
    this.#lastBatch = batch;
    if (this.#batches < saveFreq) return false;
    this.#batches = 0;
    return true;
  }

  async onTrainBatchEnd(batch: number, logs: Logs): Promise<void> {
    await this.#save(this.#epoch, { ...logs, batch: batch + 1 });
  }

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    if (this.#settings.saveFreq === 'epoch') await this.#save(epoch, logs);
  }

  async #save(epoch: number, logs: Logs): Promise<void> {
    const path = fillIn(this.filepath, { ...logs, epoch: epoch + 1 });
    if (!this.#shouldSave(epoch, logs, path)) return;
    await makeFolderFor(path);
    if (this.#settings.saveWeightsOnly) await this.model?.saveWeights(path);
    else await this.model?.save(path);
    this.#say(epoch, `finished saving model to ${path}`);
  }

  #say(epoch: number, text: string): void {
    if (this.#settings.verbose === 1) textStream().write(`\nEpoch ${epoch + 1}: ${text}\n`);
  }

  #shouldSave(epoch: number, logs: Logs, path: string): boolean {
    const say = (text: string): void => this.#say(epoch, text);
    if (!this.#settings.saveBestOnly) {
      say(`saving model to ${path}`);
      return true;
    }
    const value = this.watched(logs);
    // Every model counts as the best.
    if (value === undefined) return true;
    const former = this.best === undefined ? 'None' : this.best.toFixed(5);
    if (!this.improves(value, this.best)) {
      say(`${this.monitor} did not improve from ${former}`);
      return false;
    }
    say(`${this.monitor} improved from ${former} to ${value.toFixed(5)}, saving model to ${path}`);
    this.best = value;
    return true;
  }
}

export interface ModelCheckpoint extends ModelCheckpointClass {}

export const ModelCheckpoint: Defined<typeof ModelCheckpointClass> = /*#__PURE__*/ define(
  'ModelCheckpoint',
  ModelCheckpointClass,
  {
    module: 'keras.callbacks',
  },
);
