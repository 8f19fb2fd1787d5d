/**
 * What losses, metrics and optimizers are made of, and the models that compile them.
 *
 * Their files import from here and not from its parts: what loads by name then reaches all the same files, and esbuild puts
 * these into one chunk, not into one for every combination of them (docs/decisions/barrels-and-chunks.md). The models are
 * named because they are in memory whenever something loads by name.
 */

export { Model } from '../engine/model.js';
export { Sequential } from '../engine/sequential.js';
export { FunctionLoss, Loss, type LossArguments, type LossFunction, type LossOptions } from '../losses/loss.js';
export { type PerSample, perSample } from '../losses/per-sample.js';
export { applyMask, type Reduction, reduceWeighted, toSameRank } from '../losses/reduction.js';
export { FunctionMetric, Mean, MeanBase, type MetricFunction } from '../metrics/mean.js';
export { Metric, type MetricArguments, type MetricOptions } from '../metrics/metric.js';
export { type Samplewise, toSamplewise } from '../metrics/samplewise.js';
export { type DecayExclusion, Optimizer, type OptimizerConstructor } from '../optimizers/optimizer.js';
export { commonRows, type LearningRate, type OptimizerOptions, type OptimizerSettings } from '../optimizers/options.js';
