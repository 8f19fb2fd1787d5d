/** Watching one metric for improvement: what EarlyStopping and ModelCheckpoint share. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Logs } from '../engine/model.js';
import { oneOf, string } from '../engine/rows.js';
import { show } from '../engine/show.js';
import { type AnyTable, readArguments, type Table } from '../engine/table.js';
import { warn } from '../utils/output.js';
import { Callback } from './callback.js';

export type MonitorMode = 'auto' | 'min' | 'max';

export interface MonitorOptions {
  /** The metric to watch; `val_loss` unless given. */
  readonly monitor?: string | undefined;
  /** Whether less or more is better; 'auto' asks the metric. */
  readonly mode?: MonitorMode | undefined;
}

export interface MonitorSettings {
  monitor: string;
  mode: MonitorMode;
}

export function monitorRows(): Table<MonitorSettings> {
  return { monitor: string('monitor', 'val_loss'), mode: oneOf('mode', ['auto', 'min', 'max'], 'auto') };
}

/** Constructor arguments by a table; absent ones at the end may be undefined. */
export function readSettings<S>(subject: string, table: Table<S>, parameters: readonly unknown[]): S {
  const given = parameters.filter((parameter) => parameter !== undefined);
  return readArguments(subject, table as AnyTable, {}, given).settings as S;
}

export class MonitorCallback extends Callback {
  readonly monitor: string;
  /** The best value so far. */
  best: number | undefined;
  readonly #mode: MonitorMode;
  #warned = false;

  constructor({ monitor, mode }: MonitorSettings) {
    super();
    this.monitor = monitor;
    this.#mode = mode;
  }

  /** The watched value; a warning, once, where a metric that there could be is missing. @throws INVALID_ARGUMENT as `improves`. */
  protected watched(logs: Logs): number | undefined {
    const value = logs[this.monitor];
    if (value === undefined) this.#direction();
    if (value === undefined && !this.#warned) {
      this.#warned = true;
      warn(`'${this.monitor}' is not among the metrics: ${Object.keys(logs).join(', ')}`);
    }
    return value;
  }

  /** @throws INVALID_ARGUMENT when 'auto' cannot tell which way is better. */
  protected improves(value: number, best: number | undefined, minimumChange = 0): boolean {
    if (typeof value !== 'number') {
      throw new CeratopsError(
        'INVALID_ARGUMENT',
        `'${this.monitor}' has several values, none of which is the one to watch`,
        {
          subject: this.constructor.name,
          received: show(value),
          remedy: 'watch a metric of one value: give it one threshold, or a metric for each',
        },
      );
    }
    const direction = this.#direction();
    if (best === undefined) return true;
    return direction === 'max' ? value - minimumChange > best : value + minimumChange < best;
  }

  #direction(): 'min' | 'max' {
    if (this.#mode !== 'auto') return this.#mode;
    const name = this.monitor.replace(/^val_/, '');
    if (name === 'loss' || name.endsWith('_loss')) return 'min';
    const metrics = this.model?.$model.compiled?.metrics?.metrics ?? [];
    const direction = metrics.find((metric) => name === metric.name || name.endsWith(`_${metric.name}`))?.direction;
    if (direction !== undefined) return direction === 'up' ? 'max' : 'min';
    throw new CeratopsError('INVALID_ARGUMENT', `nothing says whether less or more of '${this.monitor}' is better`, {
      subject: this.constructor.name,
      remedy: "give mode: 'min' or mode: 'max'",
    });
  }
}
