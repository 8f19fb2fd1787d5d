/**
 * The base of all layers and models: state, build, call, weights, losses, masks, config. Behaves as Keras 3.15.1's `Layer`;
 * `invoke` follows its `__call__` step by step.
 */

import { isTensor, type Tensor, type TensorLike, type Variable } from '@ceratops/core';
import { CeratopsError, type DType, sizeOf } from '@ceratops/kernel-registry';
import { regularizers } from '../regularizers/family.js';
import type { TrackedMetric } from './brands.js';
import type { AnyLayer } from './call-context.js';
import { Callable } from './callable.js';
import { classNameOf } from './define.js';
import { describeLayer } from './describe.js';
import { type DTypePolicy, getDtypePolicy, serializeDtypePolicy } from './dtype-policy.js';
import type { InputSpecs } from './input-spec.js';
import { KerasTensor, type ShapeTree, type Symbolic, type SymbolicShape } from './keras-tensor.js';
import { type LayerWeightOptions, makeWeight, setWeightValues, wrapBuild } from './layer-build.js';
import { callLayer, isBuiltByCall } from './layer-call.js';
import { layerConfig, layerFromConfig } from './layer-config.js';
import { endOf } from './layer-ends.js';
import { convertInputs, shapesOf } from './layer-inputs.js';
import { type LayerState, newLayerState } from './layer-state.js';
import { autoName, checkName } from './naming.js';
import { type CallArguments, Node } from './node.js';
import { bool, object, string } from './rows.js';
import { inferOutputs } from './symbolic.js';
import { type AnyTable, type Config, type Row, readArguments } from './table.js';
import { type Owned, ownedBy } from './tracking.js';
import { mapTree } from './tree.js';
import type { RegularizerFunction, Weight } from './weight.js';

/** What every layer takes. */
export interface LayerOptions {
  /** Unique within a model; made from the class name when absent. */
  readonly name?: string | undefined;
  /** Whether training changes the weights; true when absent. */
  readonly trainable?: boolean | undefined;
  /** A dtype or a policy (`mixed_bfloat16`): what it computes in and what its weights are. */
  readonly dtype?: string | DTypePolicy | undefined;
  /** Penalty on the output, divided by the batch size, that joins the training loss. */
  readonly activityRegularizer?: RegularizerFunction | string | undefined;
}

/** The second argument of a layer call and of `call`. */
export interface CallOptions {
  /** True while training: dropout drops, batch normalization uses the batch's moments. */
  readonly training?: boolean | undefined;
  /** Which positions count; taken from the inputs when absent. */
  readonly mask?: unknown;
  readonly [name: string]: unknown;
}

/** Layers are called like functions: on tensors they compute, on symbolic tensors they extend the graph. */
export interface Layer<In = Tensor, Out = Tensor> {
  (inputs: Symbolic<In>, options?: CallOptions): Symbolic<Out>;
  (inputs: In, options?: CallOptions): Out;
}

const policyRow: Row<DTypePolicy> = {
  key: 'dtype',
  required: false,
  fallback: () => getDtypePolicy(undefined),
  resolve: (value) => getDtypePolicy(value),
  serialize: (policy) => serializeDtypePolicy(policy),
};

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signatures that Callable makes true
export class Layer<In = Tensor, Out = Tensor> extends Callable {
  /** The rows of the class's own constructor arguments. */
  static table(): AnyTable {
    return {};
  }

  /** The rows that every layer's options object may hold. */
  static baseTable(): AnyTable {
    return {
      name: string('name'),
      trainable: bool('trainable'),
      dtype: policyRow,
      activityRegularizer: object('activity_regularizer', regularizers),
    };
  }

  name: string;
  readonly inboundNodes: Node[] = [];
  readonly outboundNodes: Node[] = [];
  activityRegularizer: RegularizerFunction | undefined;
  /** What the inputs must look like; set it in the constructor or in `build`. */
  inputSpec: InputSpecs | undefined;
  /** Whether float inputs are cast to the compute dtype. */
  autocast = true;
  /** Inner state. */
  readonly $layer: LayerState;

  constructor(options?: LayerOptions);
  constructor(...parameters: unknown[]);
  constructor(...parameters: unknown[]) {
    super();
    wrapBuild(new.target.prototype);
    const className = classNameOf(this);
    rejectTensors(className, parameters);
    const { settings, options } = readArguments(className, new.target.table(), new.target.baseTable(), parameters);
    const given = options as {
      name?: string;
      trainable?: boolean;
      dtype?: DTypePolicy;
      activityRegularizer?: RegularizerFunction;
    };
    this.name = given.name === undefined ? autoName(className) : checkName(given.name, className);
    this.$layer = newLayerState(given.trainable ?? true, given.dtype ?? getDtypePolicy(undefined));
    this.activityRegularizer = given.activityRegularizer;
    Object.assign(this, settings);
  }

  // --- for subclasses -------------------------------------------------------------------------------------------

  /** Makes the weights, with `addWeight`. Sizes that are not known yet are null. Called once, before the first `call`. */
  build(_inputShape: ShapeTree): void {}

  /** For constructors of layers that have nothing to build; files keep no input shape of them. */
  protected buildAtOnce(): void {
    if (this.build === Layer.prototype.build) this.built = true;
  }

  /** Computes the outputs. Shapes are plain numbers here. */
  call(_inputs: In, _options: CallOptions): Out {
    throw new CeratopsError('INVALID_STATE', 'call() is not implemented', { subject: `${this}` });
  }

  /** The shape of the output; found by tracing `call` unless a class writes it. */
  computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const tensors = mapShapes(inputShape, (shape) => new KerasTensor(shape, this.computeDtype));
    return mapTree<ShapeTree>(this.computeOutputSpec(tensors, {}), (leaf) => (leaf as KerasTensor).shape);
  }

  /** The mask of the output; the input's mask unless a class says otherwise. */
  computeMask(_inputs: unknown, mask: unknown): unknown {
    return mask;
  }

  /** True when the layer hands masks on. */
  get supportsMasking(): boolean {
    return this.$layer.supportsMasking ?? this.computeMask !== Layer.prototype.computeMask;
  }

  set supportsMasking(value: boolean) {
    this.$layer.supportsMasking = value;
  }

  /** Makes a weight of this layer. @throws INVALID_STATE once the layer is built. */
  addWeight(options: LayerWeightOptions): Weight {
    return makeWeight(this, options);
  }

  /** Adds a scalar to the training loss; from inside `call`. */
  addLoss(loss: Tensor): void {
    if (!isTensor(loss)) throw new CeratopsError('INVALID_ARGUMENT', 'not a tensor', { subject: `addLoss of ${this}` });
    this.$layer.losses.push(loss);
  }

  /** Says that this layer owns `value` (a layer, metric, variable, or a nest of them) that sits in a `#private` field. */
  track<T>(value: T): T {
    this.$layer.tracked.push(value);
    return value;
  }

  // --- calling --------------------------------------------------------------------------------------------------

  override invoke(inputs: In, options: CallOptions = {}): Out {
    return callLayer(this as AnyLayer, inputs, options) as Out;
  }

  /** Adds a call on symbolic tensors to the graph; `apply` repeats what it recorded. */
  record(inputs: unknown, options: CallOptions, outputs: unknown): void {
    new Node(this as AnyLayer, [inputs], options, outputs);
  }

  /** Repeats a recorded call. */
  apply([inputs]: readonly unknown[], options: CallArguments): unknown {
    return this.invoke(inputs as In, options);
  }

  /** Symbolic outputs for symbolic inputs. */
  computeOutputSpec(inputs: unknown, options: CallOptions): unknown {
    if (this.computeOutputShape === Layer.prototype.computeOutputShape) {
      return inferOutputs((x: In, rest: CallOptions) => this.call(x, rest), [inputs, options]);
    }
    const shape = this.computeOutputShape(shapesOf(inputs));
    return mapShapes(shape, (leaf) => new KerasTensor(leaf, this.computeDtype));
  }

  /** Brings inputs of any acceptable form into tensors. */
  convertInputs(inputs: unknown): unknown {
    return convertInputs(inputs, this.computeDtype, this.autocast);
  }

  /** True when `layer` is this layer's, at any depth. */
  owns(layer: AnyLayer): boolean {
    return this.flattenLayers().includes(layer);
  }

  // --- state ----------------------------------------------------------------------------------------------------

  get built(): boolean {
    return this.$layer.built;
  }

  set built(value: boolean) {
    this.$layer.built = value;
  }

  /** Where the layer is in its model, once built: `model/block/dense`. */
  get path(): string | undefined {
    return this.$layer.path;
  }

  get dtypePolicy(): DTypePolicy {
    return this.$layer.dtypePolicy;
  }

  get computeDtype(): DType {
    return this.dtypePolicy.computeDtype;
  }

  get variableDtype(): DType {
    return this.dtypePolicy.variableDtype;
  }

  /** The dtype of the weights. */
  get dtype(): DType {
    return this.variableDtype;
  }

  /** Setting it freezes or thaws all weights below. */
  get trainable(): boolean {
    return this.$layer.trainable;
  }

  set trainable(value: boolean) {
    this.$layer.trainable = value;
    for (const weight of this.$layer.trainableWeights) weight.trainable = value;
    for (const layer of this.sublayers()) layer.trainable = value;
  }

  /** The symbolic tensor that its first call took. @throws INVALID_STATE when there was none, or several. */
  get input(): KerasTensor {
    return endOf(this as AnyLayer, 'inputs');
  }

  /** The symbolic tensor that its first call gave. @throws INVALID_STATE when there was none, or several. */
  get output(): KerasTensor {
    return endOf(this as AnyLayer, 'outputs');
  }

  /** What this layer owns directly. */
  owned(): Owned {
    return ownedBy(this, this.$layer.tracked);
  }

  /** The layers that this one owns directly. */
  sublayers(): readonly AnyLayer[] {
    return this.owned().layers;
  }

  /** All layers below this one, each once. */
  flattenLayers(): AnyLayer[] {
    const found = new Set<AnyLayer>();
    const visit = (layer: AnyLayer): void => {
      if (found.has(layer)) return;
      found.add(layer);
      layer.sublayers().forEach(visit);
    };
    this.sublayers().forEach(visit);
    return [...found];
  }

  /** Own variables: trainable ones first, then the rest. */
  ownWeights(): Weight[] {
    const { trainableWeights, otherWeights } = this.$layer;
    const listed = new Set<Variable>([...trainableWeights, ...otherWeights]);
    const others = this.owned().variables.filter((variable) => !listed.has(variable)) as Weight[];
    return [
      ...trainableWeights,
      ...others.filter(({ trainable }) => trainable),
      ...otherWeights,
      ...others.filter(({ trainable }) => !trainable),
    ];
  }

  /** All weights of this layer and below, each once: no metrics, no seeds. */
  get weights(): Weight[] {
    return [...new Set([...this.ownWeights(), ...this.sublayers().flatMap(({ weights }) => weights)])];
  }

  get trainableWeights(): Weight[] {
    return this.trainable ? this.weights.filter(({ trainable }) => trainable) : [];
  }

  get nonTrainableWeights(): Weight[] {
    return this.trainable ? this.weights.filter(({ trainable }) => !trainable) : this.weights;
  }

  /** Weights and seeds. */
  get variables(): Variable[] {
    const seeds = this.owned().seedGenerators.map(({ state }) => state);
    return [
      ...new Set<Variable>([...this.ownWeights(), ...seeds, ...this.sublayers().flatMap(({ variables }) => variables)]),
    ];
  }

  get trainableVariables(): Variable[] {
    return this.trainableWeights;
  }

  get nonTrainableVariables(): Variable[] {
    return this.trainable ? this.variables.filter(({ trainable }) => !trainable) : this.variables;
  }

  /** The metrics that this layer and those below own. */
  get metrics(): TrackedMetric[] {
    return [...this.owned().metrics, ...this.sublayers().flatMap(({ metrics }) => metrics)];
  }

  /** Scalars from `addLoss` and activity regularizers of the last call, then the penalties on trainable weights. */
  get losses(): Tensor[] {
    const own = [this as AnyLayer, ...this.flattenLayers()].flatMap((layer) => layer.$layer.losses);
    const penalties = this.trainableWeights.flatMap((weight) => {
      return weight.regularizer === undefined ? [] : [weight.regularizer(weight.value)];
    });
    return [...own, ...penalties];
  }

  clearLosses(): void {
    for (const layer of [this as AnyLayer, ...this.flattenLayers()]) layer.$layer.losses = [];
  }

  /** The current values of `weights`, as they are now whatever is trained later. */
  getWeights(): Tensor[] {
    return this.weights.map(({ value }) => value);
  }

  /** @throws SHAPE_MISMATCH naming the weight; nothing changed then. */
  setWeights(values: readonly TensorLike[]): void {
    setWeightValues(this, values);
  }

  /** How many numbers the weights hold. */
  countParams(): number {
    if (!this.built) {
      throw new CeratopsError('INVALID_STATE', 'not built yet', {
        subject: `${this}`,
        remedy: 'call it on data or write build(shape) first',
      });
    }
    return this.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  // --- files ----------------------------------------------------------------------------------------------------

  /** The constructor arguments in Keras' form. */
  getConfig(): Config {
    return layerConfig(this as AnyLayer, this.getConfig !== Layer.prototype.getConfig);
  }

  /** Makes a layer from what `getConfig` gave. */
  static fromConfig(config: Config): AnyLayer {
    // biome-ignore lint/complexity/noThisInStatic: a subclass makes one of its own
    return layerFromConfig(this as never, config);
  }

  /** What `buildFromConfig` needs to make the weights. */
  getBuildConfig(): Config | undefined {
    const { buildShape } = this.$layer;
    return buildShape === undefined ? undefined : { input_shape: buildShape };
  }

  buildFromConfig(config: Config): void {
    const shapes = config.input_shape as ShapeTree | null | undefined;
    if (this.built || shapes === undefined || shapes === null) return;
    if (isBuiltByCall(this as AnyLayer))
      callLayer(
        this as AnyLayer,
        mapShapes(shapes, (shape) => new KerasTensor(shape, this.computeDtype)),
        {},
      );
    else this.build(shapes as SymbolicShape);
  }

  /** `JSON.stringify(layer)` shows the layer, not nothing. */
  toJSON(): unknown {
    return { class_name: classNameOf(this), config: this.getConfig() };
  }

  override toString(): string {
    return `layer '${this.name}' (${classNameOf(this)})`;
  }

  override $inspect(): string {
    return describeLayer(this as AnyLayer);
  }
}

/** `Flatten(x)` makes a layer; `Flatten()(x)` calls it. */
function rejectTensors(className: string, parameters: readonly unknown[]): void {
  const tensor = parameters.find((parameter) => isTensor(parameter) || parameter instanceof KerasTensor);
  if (tensor === undefined) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'a tensor where the options go', {
    subject: className,
    expected: 'the options of the layer',
    received: String(tensor),
    remedy: `make the layer, then call it: write ${className}(…)(x)`,
  });
}

/** Replaces every shape of a nest of shapes. */
export function mapShapes<R>(shapes: ShapeTree, replace: (shape: SymbolicShape) => R): unknown {
  if (isShape(shapes)) return replace(shapes);
  if (Array.isArray(shapes)) return (shapes as readonly ShapeTree[]).map((item) => mapShapes(item, replace));
  return Object.fromEntries(Object.entries(shapes).map(([key, item]) => [key, mapShapes(item as ShapeTree, replace)]));
}

/** True for `[null, 3]`, false for a list or record of shapes. */
export function isShape(value: unknown): value is SymbolicShape {
  return Array.isArray(value) && value.every((size) => size === null || typeof size === 'number');
}
