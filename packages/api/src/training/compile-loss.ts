/** The losses of all outputs, weighted and added; with several, a mean of each is kept for the logs. */

import type { Tensor } from '@ceratops/core';
import { naming } from '../engine/call-errors.js';
import { floatx } from '../engine/config.js';
import { isPlainObject } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { Mean } from '../metrics/mean.js';
import { add, multiply } from '../ops/arithmetic.js';
import { cast } from '../ops/core-ops.js';
import type { LossLike, MetricLike, Typed } from './contracts.js';
import { describeTargets, nameOf, outputNamesOf, perOutput } from './outputs.js';
import { resolveLoss } from './resolve.js';

interface OutputLoss {
  /** Which output it is for. */
  readonly index: number;
  readonly loss: LossLike;
  readonly weight: number | undefined;
  /** Mean of the loss before weighting, where there are several. */
  readonly tracker: MetricLike | undefined;
}

export class CompileLoss {
  readonly #losses: readonly OutputLoss[];
  readonly #names: readonly (string | undefined)[];

  private constructor(losses: readonly OutputLoss[], names: readonly (string | undefined)[]) {
    this.#losses = losses;
    this.#names = names;
  }

  /** Looks the losses up for outputs of these types. */
  static async resolve(
    loss: unknown,
    weights: unknown,
    modelNames: readonly string[] | undefined,
    yTrue: unknown,
    yPred: unknown,
  ): Promise<CompileLoss> {
    const names = outputNamesOf(yPred, modelNames);
    const identifiers = isPerOutput(loss) ? perOutput('loss', loss, names, yPred) : names.map(() => loss);
    const factors =
      (weights ?? undefined) === undefined
        ? []
        : typeof weights === 'number'
          ? names.map(() => weights)
          : perOutput('lossWeights', weights, names, yPred);
    const predictions = flatten<Typed>(yPred);
    const targets = perOutput('y', yTrue, names, yPred) as (Typed | undefined)[];
    const present = [...names.keys()].filter((index) => (identifiers[index] ?? undefined) !== undefined);
    const resolved = await Promise.all(
      present.map((index) =>
        resolveLoss(identifiers[index], targets[index] ?? predictions[index]!, predictions[index]!),
      ),
    );
    const losses = present.map((index, i) => ({
      index,
      loss: resolved[i]!,
      weight: factors[index] as number | undefined,
      tracker:
        present.length > 1
          ? (new Mean({ name: `${names[index] ?? resolved[i]!.name}_loss` }) as MetricLike)
          : undefined,
    }));
    return new CompileLoss(losses, names);
  }

  /** Trackers of the single losses. */
  get metrics(): readonly MetricLike[] {
    return this.#losses.flatMap(({ tracker }) => (tracker === undefined ? [] : [tracker]));
  }

  /** The total; undefined when no output has a loss. */
  total(yTrue: unknown, yPred: unknown, sampleWeight: unknown): Tensor | undefined {
    const targets = perOutput('y', yTrue, this.#names, yPred) as Tensor[];
    const predictions = flatten<Tensor>(yPred);
    const weights = sampleWeight === undefined ? [] : perOutput('sampleWeight', sampleWeight, this.#names, yPred);
    let total: Tensor | undefined;
    for (const { index, loss, weight, tracker } of this.#losses) {
      const [target, prediction, sampleWeights] = [
        targets[index]!,
        predictions[index]!,
        weights[index] as Tensor | undefined,
      ];
      const value = naming(
        nameOf('loss', loss, this.#names[index]),
        () => describeTargets(target, prediction, sampleWeights),
        () => cast(loss.invoke(target, prediction, sampleWeights), floatx()),
      );
      tracker?.updateState(value, prediction.shape[0] ?? 1);
      const weighted = weight === undefined ? value : multiply(value, weight);
      total = total === undefined ? weighted : add(total, weighted);
    }
    return total;
  }
}

function isPerOutput(loss: unknown): boolean {
  return Array.isArray(loss) || (isPlainObject(loss) && typeof loss.class_name !== 'string');
}
