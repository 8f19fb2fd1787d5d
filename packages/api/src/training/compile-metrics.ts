/** The metrics of `compile`, per output, weighted or not. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { naming } from '../engine/call-errors.js';
import { show } from '../engine/show.js';
import { isPlainObject } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import type { MetricLike, Typed } from './contracts.js';
import { describeTargets, metricNamesOf, nameOf, perOutput } from './outputs.js';
import { resolveMetric } from './resolve.js';

interface OutputMetric {
  readonly index: number;
  readonly metric: MetricLike;
  readonly weighted: boolean;
  /** In front of the metric's name when there are several outputs. */
  readonly output: string | undefined;
}

export class CompileMetrics {
  readonly #metrics: readonly OutputMetric[];
  readonly #names: readonly (string | undefined)[];

  private constructor(metrics: readonly OutputMetric[], names: readonly (string | undefined)[]) {
    this.#metrics = metrics;
    this.#names = names;
  }

  static async resolve(
    metrics: unknown,
    weightedMetrics: unknown,
    modelNames: readonly string[] | undefined,
    yTrue: unknown,
    yPred: unknown,
  ): Promise<CompileMetrics> {
    const names = metricNamesOf(yPred, modelNames);
    const predictions = flatten<Typed>(yPred);
    const targets = perOutput('y', yTrue, names, yPred) as (Typed | undefined)[];
    const resolveAll = async (given: unknown, what: string, weighted: boolean): Promise<OutputMetric[]> => {
      const lists = listsPerOutput(what, given, names, yPred);
      const pairs = lists.flatMap((list, index) => list.map((identifier) => ({ identifier, index })));
      return Promise.all(
        pairs.map(async ({ identifier, index }) => ({
          index,
          metric: await resolveMetric(identifier, targets[index] ?? predictions[index]!, predictions[index]!),
          weighted,
          output: names.length > 1 ? names[index] : undefined,
        })),
      );
    };
    const plain = await resolveAll(metrics, 'metrics', false);
    return new CompileMetrics([...plain, ...(await resolveAll(weightedMetrics, 'weightedMetrics', true))], names);
  }

  get metrics(): readonly MetricLike[] {
    return this.#metrics.map(({ metric }) => metric);
  }

  update(yTrue: unknown, yPred: unknown, sampleWeight: unknown): void {
    const targets = perOutput('y', yTrue, this.#names, yPred) as Tensor[];
    const predictions = flatten<Tensor>(yPred);
    const weights = sampleWeight === undefined ? [] : perOutput('sampleWeight', sampleWeight, this.#names, yPred);
    for (const { index, metric, weighted } of this.#metrics) {
      const weight = weighted ? (weights[index] as Tensor | undefined) : undefined;
      const [target, prediction] = [targets[index]!, predictions[index]!];
      naming(
        nameOf('metric', metric, this.#names[index]),
        () => describeTargets(target, prediction, weight),
        () =>
          weight === undefined
            ? metric.updateState(target, prediction)
            : metric.updateState(target, prediction, weight),
      );
    }
  }

  /** Results by name; a name that is taken gets `weighted_` in front or a number behind, as in Keras. */
  results(): Record<string, Tensor | { readonly [name: string]: Tensor }> {
    const results: Record<string, Tensor | { readonly [name: string]: Tensor }> = {};
    const uses = new Map<string, number>();
    for (const { metric, output, weighted } of this.#metrics) {
      const prefix = output === undefined ? '' : `${output}_`;
      let name = `${prefix}${metric.name}`;
      if (uses.has(name) && weighted) name = `${prefix}weighted_${metric.name}`;
      const count = uses.get(name) ?? 0;
      uses.set(name, count + 1);
      results[count === 0 ? name : `${name}_${count}`] = metric.result();
    }
    return results;
  }
}

/** A list of metrics for each output. */
function listsPerOutput(
  what: string,
  given: unknown,
  names: readonly (string | undefined)[],
  outputs: unknown,
): unknown[][] {
  if (given === undefined || given === null) return names.map(() => []);
  if (!Array.isArray(given) && !isPlainObject(given)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'not a list', {
      subject: what,
      expected: "a list, as in ['accuracy']",
      received: show(given),
    });
  }
  if (names.length === 1 && Array.isArray(given)) {
    const metrics: unknown[] = given.flat();
    if (metrics.includes(undefined)) {
      throw new CeratopsError('INVALID_ARGUMENT', 'bad metric', {
        subject: what,
        expected: 'names, metrics or functions',
        received: 'undefined: perhaps an export that does not exist',
      });
    }
    return [metrics.filter((item) => item !== null)];
  }
  return perOutput(what, given, names, outputs).map((item) =>
    item === undefined ? [] : Array.isArray(item) ? item : [item],
  );
}
