/** What Precision, Recall and the four counts share. */

import type { Tensor, TensorLike, Variable } from '@ceratops/core';
import { json } from '../engine/list-rows.js';
import { int, optional } from '../engine/rows.js';
import type { Json, Table } from '../engine/table.js';
import { reshape } from '../ops/common.js';
import { Metric, type MetricOptions } from '../training/parts.js';
import { type ConfusionVariables, updateConfusion } from './confusion.js';

export interface ThresholdOptions extends MetricOptions {
  /** Above which a prediction is positive; a list gives a result for each. 0.5 by default. */
  readonly thresholds?: number | readonly number[] | undefined;
}

export interface ClassOptions extends ThresholdOptions {
  /** Counts the k best predictions of a row as positive, instead of a threshold. */
  readonly topK?: number | undefined;
  /** Looks at one class of the last axis. */
  readonly classId?: number | undefined;
}

interface ThresholdSettings {
  thresholds: Json | undefined;
}

interface ClassSettings extends ThresholdSettings {
  topK: number | undefined;
  classId: number | undefined;
}

export type CountName = keyof ConfusionVariables;

/** Counts kept at thresholds. */
export abstract class ThresholdMetric extends Metric {
  declare readonly thresholds: number | readonly number[] | undefined;
  declare readonly topK: number | undefined;
  declare readonly classId: number | undefined;

  static override table(): Table<ThresholdSettings> {
    return { thresholds: optional(json('thresholds')) };
  }

  /** What it counts, with the names of the variables. */
  protected get counts(): { readonly [K in CountName]?: string } {
    return {};
  }

  readonly state: ConfusionVariables;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const shape = [this.#thresholds.length];
    this.state = Object.fromEntries(
      Object.entries(this.counts).map(([count, name]) => [count, this.addVariable(name, shape)]),
    );
  }

  get #thresholds(): readonly number[] {
    return [this.thresholds ?? (this.topK === undefined ? 0.5 : Number.NEGATIVE_INFINITY)].flat();
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): void {
    const { topK, classId } = this;
    const thresholds = this.#thresholds.map((threshold) =>
      threshold === Number.NEGATIVE_INFINITY ? -1e10 : threshold,
    );
    updateConfusion(this.state, yTrue, yPred, { thresholds, sampleWeight, topK, classId });
  }

  /** A scalar when there is one threshold. */
  protected single(values: Tensor): Tensor {
    return this.#thresholds.length === 1 ? reshape(values, []) : values;
  }
}

/** As ThresholdMetric, for a class or for the best predictions. */
export abstract class ClassMetric extends ThresholdMetric {
  static override table(): Table<ClassSettings> {
    return {
      thresholds: optional(json('thresholds')),
      topK: optional(int('top_k')),
      classId: optional(int('class_id')),
    };
  }
}

/** One count as it is. */
export abstract class CountMetric extends ThresholdMetric {
  override result(): Tensor {
    return this.single((Object.values(this.state)[0] as Variable).value);
  }
}
