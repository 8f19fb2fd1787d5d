/**
 * Models: layers with a training loop and files. Functional (`Model(inputs, outputs)`), subclassed (`class X extends Model`
 * with `call`), and, in sequential.ts, stacks.
 */

import type { NestedArray, Tensor } from '@ceratops/core';
import type { HostArray } from '@ceratops/kernel-registry';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { History } from '../callbacks/history.js';
import { customObjects } from '../saving/custom-objects.js';
import type { FileSource, FileTarget } from '../saving/file-io.js';
import { filePart } from '../saving/file-part.js';
import { type Compiled, type CompileOptions, compile, compileConfig } from '../training/compile.js';
import { fit as fitModel } from '../training/fit.js';
import { latePart } from '../training/late-part.js';
import type { EvaluateOptions, FitOptions, PredictOptions } from '../training/options.js';
import { predict as predictModel } from '../training/predict.js';
import { modelSummary, type SummaryOptions } from '../utils/summary.js';
import { hasBrand } from './brands.js';
import { type AnyLayer, callContext } from './call-context.js';
import { define } from './define.js';
import { functionalConfig } from './functional-config.js';
import { runGraph } from './graph.js';
import { isKerasTensor, isTensorOrSymbolic, type KerasTensor, type ShapeTree } from './keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from './layer.js';
import { layerConfig, layerFromConfig } from './layer-config.js';
import { endOf } from './layer-ends.js';
import { isLayer } from './layer-state.js';
import { setMasks } from './masks.js';
import { type ModelGraph, makeGraph, sameShapeOutputs, standardizeInputs } from './model-graph.js';
import { unknownName } from './near-names.js';
import { show } from './show.js';
import { inferOutputs } from './symbolic.js';
import { type Config, isPlainObject } from './table.js';
import { flatten, mapTree, packAs } from './tree.js';

/** A tensor or a nest of tensors. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** A symbolic tensor or a nest of them. */
export type SymbolicTree = KerasTensor | readonly SymbolicTree[] | { readonly [name: string]: SymbolicTree };

/** The tensors that a tree of symbolic tensors stands for. */
export type Concrete<T> = T extends KerasTensor ? Tensor : { -readonly [K in keyof T]: Concrete<T[K]> };

/** What may stand for a tensor in data: one, a typed array, nested arrays. */
export type ArrayLike = Tensor | HostArray | NestedArray;

/** Data by input or output name. */
export interface NamedData {
  readonly [name: string]: ArrayLike;
}

/** Data in the structure of a tree of tensors; where that has no names of its own, also by input or output name. */
export type Data<T> = T extends Tensor
  ? ArrayLike | NamedData
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Data<T[K]> } | NamedData
    : T extends { readonly [name: string]: unknown }
      ? { readonly [K in keyof T]: Data<T[K]> }
      : ArrayLike | NamedData;

/** Targets: outputs without a loss need none. */
export type Targets<T> = T extends Tensor | readonly unknown[]
  ? Data<T>
  : T extends { readonly [name: string]: unknown }
    ? { readonly [K in keyof T]?: Data<T[K]> }
    : Data<T>;

/** A batch: inputs alone, or inputs, targets and perhaps sample weights. */
export type Batch = ArrayLike | readonly [unknown, unknown?, unknown?] | { readonly [name: string]: unknown };

/** Batches, synchronous or not; a function starts a fresh round for each epoch. */
export type Dataset = Iterable<Batch> | AsyncIterable<Batch> | (() => Iterable<Batch> | AsyncIterable<Batch>);

export interface ModelState {
  graph: ModelGraph | undefined;
  compiled: Compiled | undefined;
  /** `fit` is running. */
  fitting: boolean;
}

/** What `computeLoss` gets. */
export interface LossParts {
  readonly x: unknown;
  readonly y: unknown;
  readonly yPred: unknown;
  readonly sampleWeight: unknown;
  readonly training: boolean;
  /** The compiled losses, `addLoss` and regularizers together. */
  compiledLoss(): Tensor;
}

/**
 * Names and numbers of the metrics. A metric of several values (`Recall({ thresholds: [0.3, 0.6] })`) gives an array of them, as in
 * Keras; the type leaves that out, since all others would have to be asked what they are.
 */
export type Logs = { readonly [name: string]: number };

export class ModelClass<In = Tensor, Out = Tensor> extends Layer<In, Out> {
  readonly $model: ModelState = { graph: undefined, compiled: undefined, fitting: false };
  /** A callback sets it to end `fit` after the current batch or epoch. */
  stopTraining!: boolean;
  /** What the last `fit` recorded. */
  history!: History | undefined;

  constructor(options?: LayerOptions);
  constructor(inputs: SymbolicTree, outputs: SymbolicTree, options?: LayerOptions);
  constructor(...parameters: unknown[]);
  constructor(...parameters: unknown[]) {
    const functional = isGraphArguments(parameters);
    if (!functional) rejectHalfGraph(parameters);
    super(...(functional ? parameters.slice(2) : parameters));
    this.stopTraining = false;
    this.history = undefined;
    if (functional) {
      setGraph(this as never, makeGraph(parameters[0], parameters[1]));
      this.built = true;
      if (!this.trainable) this.trainable = false;
    }
  }

  // --- as a layer -----------------------------------------------------------------------------------------------

  override call(inputs: In, options: CallOptions): Out {
    const { graph } = this.$model;
    if (graph === undefined) return super.call(inputs, options);
    if (options.mask !== undefined) setMasks(inputs, options.mask);
    // What training means for this call wins over what the graph was made with: Python writes `training: false` there.
    const decided = callContext()?.training !== undefined;
    const leaves = runGraph(graph, flatten(inputs), (operation, args, { training, ...rest }) =>
      operation.apply(args, decided || training === undefined ? rest : { ...rest, training }),
    );
    return packAs<Out>(graph.outputTree, leaves);
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions): unknown {
    const { graph } = this.$model;
    if (graph === undefined) return super.computeOutputSpec(inputs, options);
    return (
      sameShapeOutputs(graph, inputs) ??
      inferOutputs((x: In, rest: CallOptions) => this.call(x, rest), [inputs, options])
    );
  }

  override convertInputs(inputs: unknown): unknown {
    const { graph } = this.$model;
    return graph === undefined ? super.convertInputs(inputs) : standardizeInputs(`${this}`, graph, inputs);
  }

  override sublayers(): readonly AnyLayer[] {
    const { graph } = this.$model;
    if (graph === undefined) return super.sublayers();
    return [...new Set([...graph.operations.filter(isLayer), ...super.sublayers()])];
  }

  // --- structure ------------------------------------------------------------------------------------------------

  /** The layers, in the order of the graph or of the fields. */
  get layers(): readonly AnyLayer[] {
    return this.sublayers();
  }

  override get input(): KerasTensor {
    return endOf(this as never, 'inputs', this.inputs);
  }

  override get output(): KerasTensor {
    return endOf(this as never, 'outputs', this.outputs);
  }

  /** Flat symbolic inputs; undefined for a model without a graph. */
  get inputs(): readonly KerasTensor[] | undefined {
    return this.$model.graph?.inputs;
  }

  get outputs(): readonly KerasTensor[] | undefined {
    return this.$model.graph?.outputs;
  }

  get outputNames(): readonly string[] | undefined {
    return this.$model.graph?.outputNames;
  }

  /** The shape, or shapes, of the inputs; unknown sizes are null. */
  get inputShape(): ShapeTree | undefined {
    return shapesOfTree(this.$model.graph?.inputTree);
  }

  get outputShape(): ShapeTree | undefined {
    return shapesOfTree(this.$model.graph?.outputTree);
  }

  /** A layer by name or by index. @throws UNKNOWN_NAME with the near names. */
  getLayer(which: string | number): AnyLayer {
    const { layers } = this;
    const found = typeof which === 'number' ? layers.at(which) : layers.find(({ name }) => name === which);
    if (found !== undefined) return found;
    throw unknownName(
      'layer',
      which,
      layers.map(({ name }) => name),
    );
  }

  /** The table of layers, shapes and sizes, printed and returned. */
  summary(options: SummaryOptions = {}): string {
    return modelSummary(this as never, options);
  }

  /** Write it to compute the loss of a step in another way; what `compile` says is `parts.compiledLoss()`. */
  computeLoss?(parts: LossParts): Tensor;

  // --- training -------------------------------------------------------------------------------------------------

  /** Says how to train. Names are looked up at the first `fit` or `evaluate`. */
  compile(options: CompileOptions = {}): void {
    this.$model.compiled = compile(this as never, options);
  }

  get compiled(): boolean {
    return this.$model.compiled !== undefined;
  }

  /** The optimizer, once its name has been looked up. */
  get optimizer(): Compiled['optimizer'] {
    return this.$model.compiled?.optimizer;
  }

  /**
   * Trains.
   * @throws before any weight changes: SHAPE_MISMATCH, DTYPE_MISMATCH, INVALID_ARGUMENT. ABORTED when the signal fires; the
   * weights are then those after the last whole step.
   */
  fit(dataset: Dataset, options?: FitOptions): Promise<History>;
  fit(x: Data<In>, y: Targets<Out>, options?: FitOptions): Promise<History>;
  async fit(x: unknown, ...rest: unknown[]): Promise<History> {
    return fitModel(this as never, x, rest);
  }

  /** Loss and metrics on data. */
  evaluate(dataset: Dataset, options?: EvaluateOptions): Promise<Logs>;
  evaluate(x: Data<In>, y: Targets<Out>, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(x: unknown, ...rest: unknown[]): Promise<Logs> {
    const { evaluate } = await latePart();
    return evaluate(this as never, x, rest);
  }

  /** The outputs for data of any length, computed batch by batch. */
  async predict(x: Data<In> | Dataset, options: PredictOptions = {}): Promise<Out> {
    return (await predictModel(this as never, x, options)) as Out;
  }

  /** One training step on one batch; the metrics of this batch. */
  async trainOnBatch(x: Data<In>, y: Targets<Out>, options: OnBatchOptions = {}): Promise<Logs> {
    const { trainOnBatch } = await latePart();
    return trainOnBatch(this as never, x, y, options);
  }

  /** Loss and metrics of one batch. */
  async testOnBatch(x: Data<In>, y: Targets<Out>, options: OnBatchOptions = {}): Promise<Logs> {
    const { testOnBatch } = await latePart();
    return testOnBatch(this as never, x, y, options);
  }

  /** The outputs for one batch, in one run. */
  async predictOnBatch(x: Data<In>): Promise<Out> {
    const { predictOnBatch } = await latePart();
    return (await predictOnBatch(this as never, x)) as Out;
  }

  // --- files ----------------------------------------------------------------------------------------------------

  /**
   * Writes a `.keras` file: config, weights and, when compiled, the optimizer's state. In a page a path names a download.
   */
  async save(target: FileTarget): Promise<void> {
    await (await filePart()).saveModel(this as never, target);
  }

  /** The bytes of the `.keras` file that `save` writes. */
  async toBytes(): Promise<Uint8Array> {
    return (await filePart()).toBytes(this as never);
  }

  /** Writes the weights alone, to a `.weights.h5` file. In a page a path names a download. */
  async saveWeights(target: FileTarget): Promise<void> {
    await (await filePart()).saveWeights(this as never, target);
  }

  /** The bytes of the `.weights.h5` file that `saveWeights` writes. */
  async weightsToBytes(): Promise<Uint8Array> {
    return (await filePart()).weightsToBytes(this as never);
  }

  /** Sets the weights from a file. @throws MALFORMED_INPUT or SHAPE_MISMATCH; nothing has changed then. */
  async loadWeights(source: FileSource): Promise<void> {
    await (await filePart()).loadWeights(this as never, source);
  }

  /** Looks up the optimizer and makes its slots, as far as the model is built: what files need of it. */
  async resolveCompiled(): Promise<void> {
    const { resolveOptimizerOf } = await latePart();
    await resolveOptimizerOf(this as never);
  }

  /** Compiles as a file says. */
  async compileFromConfig(config: Config): Promise<void> {
    const objects = customObjects();
    const { compileOptionsFromConfig, resolveOptimizerOf } = await latePart();
    this.compile(compileOptionsFromConfig(config, objects));
    await resolveOptimizerOf(this as never);
  }

  /** What files keep of `compile`; nothing before it. */
  getCompileConfig(): Config {
    const { compiled } = this.$model;
    return compiled === undefined ? {} : compileConfig(compiled);
  }

  override getBuildConfig(): Config | undefined {
    const built = super.getBuildConfig();
    return built === undefined && this.$model.graph !== undefined ? { input_shape: null } : built;
  }

  override getConfig(): Config {
    const { graph } = this.$model;
    if (graph !== undefined) return functionalConfig(this as never, graph);
    return layerConfig(this as never, this.getConfig !== ModelClass.prototype.getConfig);
  }

  /** For classes of one's own. Files hold whole models: `saving.deserializeKerasObject` reads those, layers and all. */
  static override fromConfig(config: Config): AnyLayer {
    // biome-ignore lint/complexity/noThisInStatic: a subclass makes one of its own
    return modelFromOwnConfig(this as never, config);
  }

  override toString(): string {
    return `model '${this.name}'`;
  }
}

/** Makes a model functional; undefined: takes that back. */
export function setGraph(model: ModelClass<never, unknown>, graph: ModelGraph | undefined): void {
  model.$model.graph = graph;
  model.inputSpec = graph?.inputSpecs;
}

function modelFromOwnConfig(modelClass: typeof ModelClass, config: Config): AnyLayer {
  if (!('layers' in config) || 'layers' in modelClass.table()) return layerFromConfig(modelClass as never, config);
  throw new CeratopsError('INVALID_STATE', 'this config holds the layers too', {
    subject: modelClass.name,
    remedy: `write saving.deserializeKerasObject({ class_name: '${modelClass.name}', config })`,
  });
}

export interface OnBatchOptions {
  readonly sampleWeight?: unknown;
  readonly classWeight?: { readonly [index: number]: number } | undefined;
}

/** True for `(inputs, outputs, options?)`. */
function isGraphArguments([inputs, outputs]: readonly unknown[]): boolean {
  return inputs !== undefined && outputs !== undefined && flatten([inputs, outputs]).some(isKerasTensor);
}

/** The inputs alone, tensors with values, and `{ inputs, outputs }`. */
function rejectHalfGraph([first]: readonly unknown[]): void {
  const isRecord = isPlainObject(first) && 'outputs' in first;
  if (!isRecord && !flatten(first).some(isTensorOrSymbolic)) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'not inputs and outputs', {
    subject: 'Model',
    expected: 'symbolic tensors, made by Input and by calling layers on them',
    received: isRecord ? `{ ${Object.keys(first).join(', ')} }` : show(first),
    remedy: 'write Model(inputs, outputs)',
  });
}

function shapesOfTree(tree: unknown): ShapeTree | undefined {
  if (tree === undefined) return undefined;
  const shapes = mapTree<ShapeTree>(tree, (tensor) => (tensor as KerasTensor).shape);
  return Array.isArray(tree) && tree.length === 1 ? (shapes as readonly ShapeTree[])[0] : shapes;
}

export interface Model<In = Tensor, Out = Tensor> extends ModelClass<In, Out> {}

export interface ModelConstructor {
  /** A model from symbolic inputs to symbolic outputs: one tensor, a list or a record of each. */
  new <const I extends SymbolicTree, const O extends SymbolicTree>(
    inputs: I,
    outputs: O,
    options?: LayerOptions,
  ): Model<Concrete<I>, Concrete<O>>;
  /** For subclasses that write `call`. */
  new (options?: LayerOptions): Model<Tensor, Tensor>;
  /** A model from symbolic inputs to symbolic outputs: one tensor, a list or a record of each. */
  <const I extends SymbolicTree, const O extends SymbolicTree>(
    inputs: I,
    outputs: O,
    options?: LayerOptions,
  ): Model<Concrete<I>, Concrete<O>>;
  readonly prototype: Model<never, unknown>;
}

/** A functional model; `Model(inputs, outputs)` makes one. */
export interface Functional<In = Tensor, Out = Tensor> extends ModelClass<In, Out> {}

class FunctionalClass<In = Tensor, Out = Tensor> extends ModelClass<In, Out> {}

const Functional: typeof FunctionalClass = /*#__PURE__*/ define('Functional', FunctionalClass, {
  module: 'keras.src.models.functional',
});

export const Model: ModelConstructor = /*#__PURE__*/ define('Model', ModelClass, {
  module: 'keras',
  variant: (parameters) => (isGraphArguments(parameters) ? Functional : undefined),
}) as unknown as ModelConstructor;

export function isModel(value: unknown): value is Model<never, unknown> {
  return isLayer(value) && hasBrand(value, '$model');
}
