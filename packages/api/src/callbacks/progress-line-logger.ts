import type { Logs } from '../engine/model.js';
import { textStream } from '../utils/output.js';
import { ProgressLine } from '../utils/progress-line.js';
import { Callback, type CallbackParameters } from './callback.js';

/** A line for each epoch of `fit`, one for `evaluate` and for `predict`: `verbose: 2`, and what there is off a terminal. */
export class ProgressLineLogger extends Callback {
  protected progress: ProgressLine | undefined;
  protected inFit = false;
  #seen = 0;
  #target: number | undefined;

  override setParams(parameters: CallbackParameters): void {
    super.setParams(parameters);
    this.#target = parameters.steps;
  }

  onTrainBegin(): void {
    this.inFit = true;
  }

  onEpochBegin(epoch: number): void {
    this.#start();
    const { epochs = 1 } = this.params ?? {};
    if (epochs > 1) textStream().write(`Epoch ${epoch + 1}/${epochs}\n`);
  }

  onTestBegin(): void {
    if (!this.inFit) this.#start();
  }

  onPredictBegin(): void {
    this.#start();
  }

  /** Batches are counted; nobody has to read their logs. */
  wantsBatchEnd(batch: number): boolean {
    this.#seen = batch + 1;
    return false;
  }

  onTrainBatchEnd(_batch: number, _logs: Logs): void {}

  onTestBatchEnd(_batch: number, _logs: Logs): void {}

  onPredictBatchEnd(_batch: number): void {}

  onEpochEnd(_epoch: number, logs: Logs): void {
    this.#finish(logs);
  }

  onTestEnd(logs: Logs): void {
    if (!this.inFit) this.#finish(logs);
  }

  onPredictEnd(): void {
    this.#finish({});
  }

  protected makeProgress(target: number | undefined): ProgressLine {
    return new ProgressLine(target);
  }

  #start(): void {
    this.#seen = 0;
    this.progress = this.makeProgress(this.#target);
  }

  #finish(logs: Logs): void {
    this.#target ??= this.#seen;
    if (this.progress === undefined) return;
    this.progress.target = this.#target;
    this.progress.update(this.#target, Object.entries(logs), true);
  }
}
