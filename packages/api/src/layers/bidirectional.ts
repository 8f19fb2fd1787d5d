import type { Tensor } from '@ceratops/core';
import { reverse } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { AnyLayer } from '../engine/call-context.js';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { baseConfig } from '../engine/layer-config.js';
import { oneOf, optional } from '../engine/rows.js';
import { type AnyTable, argumentsFromConfig, type Config } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { add, cast, divide, multiply } from '../ops/common.js';
import { concatenate } from '../ops/concatenate.js';
import { deserializeKerasObject } from '../saving/deserialize.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { checkCallOptions, kerasOptions } from './call-options.js';
import type { RNN, RNNCallOptions } from './rnn.js';
import { checkStateCount, stateOptions } from './rnn-base.js';
import type { States } from './rnn-loop.js';
import { layerRow } from './wrapper-base.js';

export type MergeMode = 'concat' | 'sum' | 'mul' | 'ave';

export interface BidirectionalOptions extends LayerOptions {
  /** How the two outputs become one; null gives both. `concat` by default. */
  readonly mergeMode?: MergeMode | null | undefined;
  /** What runs backwards; made from the forward layer when absent. */
  readonly backwardLayer?: Layer<never, unknown> | undefined;
}

const mergers: { readonly [M in MergeMode]: (forward: Tensor, backward: Tensor) => Tensor } = {
  concat: (forward, backward) => concatenate([forward, backward], -1),
  sum: add,
  mul: multiply,
  ave: (forward, backward) => divide(add(forward, backward), 2),
};

const modes = Object.keys(mergers) as MergeMode[];

/** undefined is a mode in files and here (null), so absent must become the default first. */
const mergeModeRow = { ...optional(oneOf('merge_mode', modes)), fallback: (): MergeMode => 'concat' };

class BidirectionalClass extends Layer<Tensor, Tensor> {
  declare readonly mergeMode: MergeMode | undefined;
  declare readonly forwardLayer: RNN;
  declare readonly backwardLayer: RNN;

  static override table(): AnyTable {
    return { layer: layerRow('layer'), mergeMode: mergeModeRow, backwardLayer: optional(layerRow('backward_layer')) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const given = this as unknown as { layer?: RNN; backwardLayer?: RNN };
    const { layer, backwardLayer } = given as { layer: RNN; backwardLayer: RNN | undefined };
    // Weights come in the order of the properties: forward first.
    delete given.layer;
    delete given.backwardLayer;
    for (const side of [layer, backwardLayer ?? layer]) requireRecurrent(side, `${this}`);
    this.forwardLayer = copyOf(layer, 'forward', {});
    this.backwardLayer = backwardLayer ?? copyOf(layer, 'backward', { go_backwards: true });
    checkPair(`${this}`, this.forwardLayer, this.backwardLayer);
    for (const side of [this.forwardLayer, this.backwardLayer]) {
      if (side.zeroOutputForMask !== undefined) side.zeroOutputForMask = side.returnSequences;
    }
    this.supportsMasking = true;
    this.inputSpec = layer.inputSpec;
  }

  get returnSequences(): boolean {
    return this.forwardLayer.returnSequences;
  }

  get returnState(): boolean {
    return this.forwardLayer.returnState;
  }

  get stateful(): boolean {
    return this.forwardLayer.stateful;
  }

  override build(inputShape: SymbolicShape): void {
    if (!this.forwardLayer.built) this.forwardLayer.build(inputShape);
    if (!this.backwardLayer.built) this.backwardLayer.build(inputShape);
  }

  /** Starts the next batch from zeros; for stateful layers. */
  resetState(): void {
    this.forwardLayer.resetState();
    this.backwardLayer.resetState();
  }

  /** Graphs and files hold the options of a call under Keras' names. */
  override invoke(inputs: Tensor, options: RNNCallOptions = {}): Tensor {
    const { forwardLayer, backwardLayer } = this;
    checkCallOptions(this, options, stateOptions);
    const sizes = [forwardLayer.stateSize, backwardLayer.stateSize];
    checkStateCount(this, options.initialState, flatten(sizes).length);
    return super.invoke(inputs, kerasOptions(options));
  }

  override call(sequences: Tensor, { training, mask, initial_state: given }: CallOptions): Tensor {
    const states = given === undefined ? undefined : ([given].flat() as unknown as States);
    const half = (states?.length ?? 0) / 2;
    const run = (layer: RNN, own: States | undefined): Tensor[] =>
      [layer(sequences, { training, mask, initialState: own })].flat() as Tensor[];
    const [forward, ...forwardStates] = run(this.forwardLayer, states?.slice(0, half));
    const [backward, ...backwardStates] = run(this.backwardLayer, states?.slice(half));
    const first = cast(forward!, this.computeDtype);
    const other = cast(backward!, this.computeDtype);
    const second = this.returnSequences ? reverse(other, [1]) : other;
    const merged = this.mergeMode === undefined ? [first, second] : [mergers[this.mergeMode](first, second)];
    const all = this.returnState ? [...merged, ...forwardStates, ...backwardStates] : merged;
    return (all.length === 1 ? all[0] : all) as Tensor;
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const shapes = (layer: RNN): SymbolicShape[] => {
      const shape = layer.computeOutputShape(inputShape);
      return (this.returnState ? shape : [shape]) as unknown as SymbolicShape[];
    };
    const [forward, ...forwardStates] = shapes(this.forwardLayer);
    const [backward, ...backwardStates] = shapes(this.backwardLayer);
    const width = this.mergeMode === 'concat' ? forward!.at(-1)! + backward!.at(-1)! : forward!.at(-1)!;
    const merged =
      this.mergeMode === undefined ? [forward!, backward!] : [[...forward!.slice(0, -1), width] as SymbolicShape];
    const all = this.returnState ? [...merged, ...forwardStates, ...backwardStates] : merged;
    return (all.length === 1 ? all[0]! : all) as SymbolicShape;
  }

  override computeMask(_inputs: unknown, mask: unknown): unknown {
    const own = this.returnSequences ? flatten(mask)[0] : undefined;
    return this.mergeMode === undefined ? [own, own] : this.returnState ? [own] : own;
  }

  static override fromConfig(config: Config): AnyLayer {
    const { layer, backward_layer: backward, merge_mode: mode, ...rest } = config;
    const options = argumentsFromConfig('Bidirectional', {}, Layer.baseTable(), rest).at(-1) as object;
    const given = { ...options, mergeMode: mode, backwardLayer: backward ?? undefined };
    return Bidirectional(layer as never, given as BidirectionalOptions) as unknown as AnyLayer;
  }

  override getConfig(): Config {
    return {
      ...baseConfig(this as AnyLayer),
      merge_mode: this.mergeMode ?? null,
      layer: serializeKerasObject(this.forwardLayer),
      backward_layer: serializeKerasObject(this.backwardLayer),
    };
  }
}

/** A fresh layer of the same config, named for its direction. */
function copyOf(layer: RNN, direction: 'forward' | 'backward', changes: Config): RNN {
  const form = serializeKerasObject(layer) as { readonly config: Config };
  const prefix = `${direction}_`;
  const name = layer.name.startsWith(prefix) ? layer.name : prefix + layer.name;
  return deserializeKerasObject({ ...form, config: { ...form.config, ...changes, name } }) as RNN;
}

/** @throws INVALID_ARGUMENT for a layer that runs in no direction. */
function requireRecurrent(layer: RNN, subject: string): void {
  if (typeof layer.goBackwards === 'boolean' && typeof layer.returnSequences === 'boolean') return;
  throw new CeratopsError('INVALID_ARGUMENT', 'not a recurrent layer', {
    subject,
    expected:
      'RNN, LSTM, GRU, SimpleRNN, or a layer with goBackwards, returnSequences, returnState and stateful as they have',
    received: `${layer}`,
  });
}

function checkPair(subject: string, forward: RNN, backward: RNN): void {
  const fail = (what: string, expected: string, received: string): never => {
    throw new CeratopsError('INVALID_ARGUMENT', what, { subject, expected, received });
  };
  if (forward.goBackwards === backward.goBackwards) {
    const both = `goBackwards ${forward.goBackwards} and ${backward.goBackwards}`;
    fail('the two layers run in the same direction', 'goBackwards false and true', both);
  }
  for (const name of ['stateful', 'returnSequences', 'returnState'] as const) {
    if (forward[name] !== backward[name]) {
      fail(`the two layers differ in ${name}`, `${forward[name]}`, `${backward[name]}`);
    }
  }
}

/** A recurrent layer and its mirror image. */
export interface Bidirectional extends BidirectionalClass {}

export interface BidirectionalConstructor {
  /** Runs a recurrent layer over [batch, time, …] in both directions. */
  new (
    layer: Layer<never, unknown>,
    mergeMode?: MergeMode | BidirectionalOptions,
    options?: BidirectionalOptions,
  ): Bidirectional;
  /** Runs a recurrent layer over [batch, time, …] in both directions. */
  (
    layer: Layer<never, unknown>,
    mergeMode?: MergeMode | BidirectionalOptions,
    options?: BidirectionalOptions,
  ): Bidirectional;
  readonly prototype: Bidirectional;
}

export const Bidirectional: BidirectionalConstructor = /*#__PURE__*/ define('Bidirectional', BidirectionalClass, {
  module: 'keras.layers',
});
