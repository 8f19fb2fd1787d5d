/**
 * `@ceratops/api`: Keras for TypeScript.
 *
 * `import * as keras from '@ceratops/api'`. For the smallest bundles with every bundler import layers from their own
 * entry: `import * as layers from '@ceratops/api/layers'`.
 */

export { isTensor, Profile, profile, Tensor, tensor, Variable } from '@ceratops/core';
export { CeratopsError, isCeratopsError } from '@ceratops/kernel-registry';
// Namespaces, each also an entry of its own.
export * as activations from './activations/index.js';
export { History } from './callbacks/history.js';
export * as callbacks from './callbacks/index.js';
export * as constraints from './constraints/index.js';
export type { AnyLayer } from './engine/call-context.js';
export { clearSession } from './engine/clear-session.js';
export * as config from './engine/config-namespace.js';
// For authors of layers, ops and other parts.
export { type Defined, type DefineOptions, define } from './engine/define.js';
export { Input, type InputOptions } from './engine/input.js';
export type { InputSpec, InputSpecs } from './engine/input-spec.js';
export {
  type KerasHistory,
  KerasTensor,
  type ShapeTree,
  type Symbolic,
  type SymbolicShape,
} from './engine/keras-tensor.js';
export { type CallOptions, Layer, type LayerOptions } from './engine/layer.js';
export type { LayerWeightOptions } from './engine/layer-build.js';
// Everyone.
export {
  type ArrayLike,
  type Batch,
  type Data,
  type Dataset,
  type Functional,
  type Logs,
  Model,
  type NamedData,
  type Targets,
} from './engine/model.js';
export { defineOp, type Op, type OpDeclaration } from './engine/operation.js';
export { setRandomSeed } from './engine/random-state.js';
export { SeedGenerator, type SeedGeneratorOptions } from './engine/seed-generator.js';
export { Sequential } from './engine/sequential.js';
export type { Config, Json } from './engine/table.js';
export { type ConstraintFunction, type RegularizerFunction, Weight, type WeightOptions } from './engine/weight.js';
export * as initializers from './initializers/index.js';
export * as layers from './layers/index.js';
export * as losses from './losses/index.js';
export * as metrics from './metrics/index.js';
export * as ops from './ops/index.js';
export * as optimizers from './optimizers/index.js';
export * as random from './random/index.js';
export * as regularizers from './regularizers/index.js';
export * as saving from './saving/index.js';
export type { CompileOptions, LossName, MetricName, Name, OptimizerName } from './training/compile.js';
export type {
  LossIdentifier,
  LossLike,
  MetricIdentifier,
  MetricLike,
  OptimizerLike,
  PerOutput,
} from './training/contracts.js';
export type { EvaluateOptions, FitOptions, PredictOptions } from './training/options.js';
export * as utils from './utils/index.js';
