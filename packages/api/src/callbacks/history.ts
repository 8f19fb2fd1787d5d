/** Records the logs of every epoch; `fit` returns it. */

import type { Logs } from '../engine/model.js';
import { Callback } from './callback.js';

export class History extends Callback {
  /** The epochs run, counted from 0. */
  epoch: number[] = [];
  /** Per metric, its value after each epoch. */
  history: Record<string, number[]> = {};

  onTrainBegin(): void {
    this.epoch = [];
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value);
  }
}
