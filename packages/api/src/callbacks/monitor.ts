/** Watching one metric for improvement: what EarlyStopping and ModelCheckpoint share. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Logs } from '../engine/model.js';
import { Callback } from './callback.js';

export type MonitorMode = 'auto' | 'min' | 'max';

export interface MonitorOptions {
  /** The metric to watch; `val_loss` unless given. */
  readonly monitor?: string | undefined;
  /** Whether smaller or larger is better; 'auto' goes by the name. */
  readonly mode?: MonitorMode | undefined;
}

/** Metrics of which more is better, as Keras' own classes declare it. */
const larger = /(accuracy|acc|auc|precision|recall|f1|fbeta|iou|r2|top_k|similarity|cosine)/i;

export class MonitorCallback extends Callback {
  readonly monitor: string;
  readonly #mode: MonitorMode;
  #warned = false;

  constructor({ monitor = 'val_loss', mode = 'auto' }: MonitorOptions) {
    super();
    if (!['auto', 'min', 'max'].includes(mode)) {
      throw new CeratopsError('INVALID_ARGUMENT', 'bad mode', {
        expected: "'auto', 'min' or 'max'",
        received: String(mode),
      });
    }
    this.monitor = monitor;
    this.#mode = mode;
  }

  /** The watched value; a warning, once, where it is missing. */
  protected watched(logs: Logs): number | undefined {
    const value = logs[this.monitor];
    if (value === undefined && !this.#warned) {
      this.#warned = true;
      warn(`'${this.monitor}' is not among the metrics: ${Object.keys(logs).join(', ')}`);
    }
    return value;
  }

  protected improves(value: number, best: number | undefined, minimumChange = 0): boolean {
    if (best === undefined) return true;
    const maximise =
      this.#mode === 'max' || (this.#mode === 'auto' && larger.test(this.monitor) && !this.monitor.endsWith('loss'));
    return maximise ? value - minimumChange > best : value + minimumChange < best;
  }
}

function warn(text: string): void {
  (globalThis as { readonly console?: { warn(text: string): void } }).console?.warn(text);
}
