import type { Logs } from '../engine/model.js';
import { ProgressBar } from '../utils/progress-bar.js';
import { ProgressLineLogger } from './progress-line-logger.js';

/** The progress bar of `fit`, `evaluate` and `predict`. */
export class ProgressBarLogger extends ProgressLineLogger {
  declare protected progress: ProgressBar | undefined;

  /** Only when the bar would be drawn again. */
  override wantsBatchEnd(batch: number): boolean {
    super.wantsBatchEnd(batch);
    return this.params?.verbose === 1 && this.progress?.isDue() === true;
  }

  override onTrainBatchEnd(batch: number, logs: Logs): void {
    this.#update(batch, logs);
  }

  override onTestBatchEnd(batch: number, logs: Logs): void {
    if (!this.inFit) this.#update(batch, logs);
  }

  override onPredictBatchEnd(batch: number): void {
    this.#update(batch, {});
  }

  protected override makeProgress(target: number | undefined): ProgressBar {
    return new ProgressBar(target, { verbose: this.params?.verbose === 2 ? 2 : 1 });
  }

  #update(batch: number, logs: Logs): void {
    this.progress?.update(batch + 1, Object.entries(logs), false);
  }
}
