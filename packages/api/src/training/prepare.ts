/**
 * Before the first step: the model is built from the shapes of a batch, names become losses, metrics and an optimizer, and
 * the optimizer gets its slots. No weight changes here, and whatever does not fit is found here.
 */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Model } from '../engine/model.js';
import { Mean } from '../metrics/mean.js';
import type { Batch } from './batches.js';
import { buildOn, isBuilt } from './build.js';
import type { Compiled } from './compile.js';
import { CompileLoss } from './compile-loss.js';
import { CompileMetrics } from './compile-metrics.js';
import type { MetricLike } from './contracts.js';
import { latePart } from './late-part.js';
import { readLogs } from './logs.js';
import { resolveOptimizer } from './resolve.js';
import { makeSteps, noTargets, type Steps } from './steps.js';

type AnyModel = Model<never, unknown>;

export function compiledOf(model: AnyModel, method: string): Compiled {
  const { compiled } = model.$model;
  if (compiled !== undefined) return compiled;
  throw new CeratopsError('INVALID_STATE', 'not compiled', {
    subject: `${method} of ${model}`,
    remedy: 'call model.compile({ optimizer, loss }) first',
  });
}

/** Makes all that is still open: looks at the first batch for that, as Keras does. */
export async function prepare(
  model: AnyModel,
  compiled: Compiled,
  first: () => Promise<Batch> | Batch,
): Promise<Steps> {
  if (!isBuilt(model) || !compiled.resolved) await resolve(model, compiled, await first());
  await buildOptimizer(model, compiled);
  compiled.steps ??= makeSteps(model, compiled);
  // What became of the last steps of a run that stopped half-way was that run's to tell.
  if (compiled.steps.underWay) await readLogs(model, compiled).catch(() => {});
  return compiled.steps;
}

async function resolve(model: AnyModel, compiled: Compiled, { x, y }: Batch): Promise<void> {
  const { lossWeights, metrics, weightedMetrics } = compiled.options;
  const loss = compiled.options.loss ?? undefined;
  if (loss !== undefined && y === undefined && model.computeLoss === undefined) throw noTargets(model);
  const yPred = buildOn(model, x);
  if (compiled.resolved) return;
  const names = model.outputNames;
  if (loss !== undefined && y !== undefined)
    compiled.loss = await CompileLoss.resolve(loss, lossWeights, names, y, yPred);
  if ((metrics !== undefined || weightedMetrics !== undefined) && y !== undefined) {
    compiled.metrics = await CompileMetrics.resolve(metrics, weightedMetrics, names, y, yPred);
  }
  compiled.tracker = new Mean({ name: 'loss' }) as MetricLike;
  compiled.resolved = y !== undefined || loss === undefined;
}

/** The optimizer of a compiled model, with its slots when the model is built. */
export async function buildOptimizer(model: AnyModel, compiled: Compiled): Promise<void> {
  compiled.optimizer ??= await resolveOptimizer(compiled.options.optimizer ?? 'rmsprop');
  if (model.dtypePolicy.name === 'mixed_float16') (await latePart()).withLossScale(compiled);
  if (!compiled.optimizer.built && model.built) compiled.optimizer.build(model.trainableVariables);
}

/** All metrics that a run updates: the loss, those of compile, those of layers. */
export function allMetrics(model: AnyModel, { tracker, metrics, loss }: Compiled): MetricLike[] {
  const own = model.metrics as unknown as readonly MetricLike[];
  return [tracker ?? [], metrics?.metrics ?? [], loss?.metrics ?? [], own].flat();
}
