/** The progress bar of `fit`, `evaluate` and `predict`. */

import type { Logs } from '../engine/model.js';
import { textStream } from '../utils/output.js';
import { ProgressBar } from '../utils/progress-bar.js';
import { Callback, type CallbackParameters } from './callback.js';

export class ProgressBarLogger extends Callback {
  #bar: ProgressBar | undefined;
  #seen = 0;
  #inFit = false;
  #target: number | undefined;

  override setParams(parameters: CallbackParameters): void {
    super.setParams(parameters);
    this.#target = parameters.steps;
  }

  onTrainBegin(): void {
    this.#inFit = true;
  }

  onEpochBegin(epoch: number): void {
    this.#start();
    const { epochs = 1 } = this.params ?? {};
    if (epochs > 1) textStream().write(`Epoch ${epoch + 1}/${epochs}\n`);
  }

  onTestBegin(): void {
    if (!this.#inFit) this.#start();
  }

  onPredictBegin(): void {
    this.#start();
  }

  /** Only when the bar would be drawn again. */
  wantsBatchEnd(batch: number): boolean {
    this.#seen = batch + 1;
    return this.params?.verbose === 1 && this.#bar?.isDue() === true;
  }

  onTrainBatchEnd(batch: number, logs: Logs): void {
    this.#update(batch, logs);
  }

  onTestBatchEnd(batch: number, logs: Logs): void {
    if (!this.#inFit) this.#update(batch, logs);
  }

  onPredictBatchEnd(batch: number): void {
    this.#update(batch, {});
  }

  onEpochEnd(_epoch: number, logs: Logs): void {
    this.#finish(logs);
  }

  onTestEnd(logs: Logs): void {
    if (!this.#inFit) this.#finish(logs);
  }

  onPredictEnd(): void {
    this.#finish({});
  }

  #start(): void {
    this.#seen = 0;
    this.#bar = new ProgressBar(this.#target, { verbose: this.params?.verbose === 2 ? 2 : 1 });
  }

  #update(batch: number, logs: Logs): void {
    this.#bar?.update(batch + 1, Object.entries(logs), false);
  }

  #finish(logs: Logs): void {
    this.#target ??= this.#seen;
    if (this.#bar === undefined) return;
    this.#bar.target = this.#target;
    this.#bar.update(this.#target, Object.entries(logs), true);
  }
}
