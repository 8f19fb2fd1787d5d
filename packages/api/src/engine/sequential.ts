/** `Sequential`: a stack of layers, each taking the one before. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { serializeKerasObject } from '../saving/serialize.js';
import type { AnyLayer } from './call-context.js';
import { define, isDefinedClass, ownClassName } from './define.js';
import { InputLayer } from './input.js';
import { isKerasTensor, type KerasTensor, type ShapeTree } from './keras-tensor.js';
import { type CallOptions, isShape, type LayerOptions } from './layer.js';
import { baseConfig } from './layer-config.js';
import { isLayer } from './layer-state.js';
import { ModelClass, setGraph } from './model.js';
import { makeGraph } from './model-graph.js';
import { autoName } from './naming.js';
import { show } from './show.js';
import { type Config, isPlainObject, type Json } from './table.js';

/** A layer, or the result of `Input` in the first place. */
export type SequentialItem = AnyLayer | KerasTensor;

export class SequentialClass extends ModelClass {
  /** All layers, an input layer included. */
  readonly $stack: AnyLayer[] = [];

  constructor(layers?: readonly SequentialItem[] | LayerOptions, options?: LayerOptions);
  constructor(...parameters: unknown[]);
  constructor(first?: unknown, second?: unknown) {
    rejectUnlisted(first);
    const listed = Array.isArray(first) ? (first as readonly SequentialItem[]) : [];
    super((isPlainObject(first) ? first : second) as LayerOptions | undefined);
    if (listed.length > 0) addAll(this, listed);
  }

  /** Puts a layer on top. */
  add(layer: SequentialItem): void {
    addAll(this, [layer]);
  }

  /** Takes the top layer off. */
  pop(): AnyLayer | undefined {
    const layer = this.$stack.pop();
    rebuild(this);
    return layer;
  }

  /** The layers as added, without the input layer. */
  override get layers(): readonly AnyLayer[] {
    return this.$stack.filter((layer) => !isInputLayer(layer));
  }

  override sublayers(): readonly AnyLayer[] {
    return [...new Set([...this.$stack, ...this.owned().layers])];
  }

  override build(inputShape: ShapeTree): void {
    if (!isShape(inputShape)) return;
    const layers = this.$stack;
    const [first] = layers;
    if (first === undefined) {
      throw new CeratopsError('INVALID_STATE', 'has no layers', {
        subject: `${this}`,
        remedy: 'call model.add(layer)',
      });
    }
    if (!isInputLayer(first)) {
      layers.unshift(new InputLayer(inputShape, { dtype: first.computeDtype }) as unknown as AnyLayer);
    }
    const inputs = (layers[0] as unknown as InputLayer).output;
    let x: unknown = inputs;
    for (const layer of layers.slice(1)) x = layer.invoke(x as never);
    autoName('Functional');
    setGraph(this as never, makeGraph(inputs, x));
  }

  override call(inputs: never, options: CallOptions): never {
    if (this.$model.graph !== undefined) return super.call(inputs, options) as never;
    let x: unknown = inputs;
    for (const layer of this.layers) x = layer.invoke(x as never, x === inputs ? { mask: options.mask } : {});
    return x as never;
  }

  override getConfig(): Config {
    const config: Record<string, Json> = { ...baseConfig(this as never) };
    config.layers = this.$stack.map((layer) => serializeKerasObject(layer));
    const [first] = this.$stack;
    if (first !== undefined && this.$model.graph !== undefined)
      config.build_input_shape = (first as unknown as InputLayer).batchShape;
    return config;
  }
}

/** Puts layers on top, then builds once. */
export function addAll(model: SequentialClass, layers: readonly SequentialItem[]): void {
  for (const layer of layers) push(model, layer);
  rebuild(model);
}

function push(model: SequentialClass, item: SequentialItem): void {
  const layer = isKerasTensor(item) ? item.history?.operation : item;
  if (!isLayer(layer)) throw notALayer(`${model}`, item);
  const layers = model.$stack;
  if (layers.some((other) => other !== layer && other.name === layer.name)) {
    throw new CeratopsError('INVALID_ARGUMENT', `two layers are named '${layer.name}'`, {
      subject: `${model}`,
      remedy: 'name one of them',
    });
  }
  if (isInputLayer(layer) && layers.length > 0) {
    throw new CeratopsError('INVALID_ARGUMENT', 'an Input comes first', {
      subject: `${model}`,
      received: `layer ${layers.length}`,
    });
  }
  layers.push(layer);
}

/** Starts over: builds when the input's shape is known. */
function rebuild(model: SequentialClass): void {
  model.built = false;
  setGraph(model as never, undefined);
  const [first] = model.$stack;
  if (first === undefined || model.$stack.length < 2) return;
  const shape = isInputLayer(first) ? first.batchShape : (first as { inputShape?: ShapeTree }).inputShape;
  if (shape !== undefined) model.build(shape);
}

function isInputLayer(layer: AnyLayer): layer is AnyLayer & InputLayer {
  return ownClassName(layer.constructor) === 'InputLayer';
}

function rejectUnlisted(first: unknown): void {
  if (!isLayer(first) && !isKerasTensor(first) && !isDefinedClass(first)) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'layers that are not in a list', {
    subject: 'Sequential',
    expected: 'a list of layers',
    received: show(first),
    remedy: 'write Sequential([first, second])',
  });
}

function notALayer(subject: string, item: unknown): CeratopsError {
  const name = isDefinedClass(item) ? ownClassName(item) : undefined;
  return new CeratopsError('INVALID_ARGUMENT', 'not a layer', {
    subject,
    expected: 'a layer',
    received: name === undefined ? show(item) : `the class ${name}`,
    remedy:
      typeof item === 'string' ? `write Activation('${item}')` : name === undefined ? undefined : `write ${name}()`,
  });
}

export interface Sequential extends SequentialClass {}

export interface SequentialConstructor {
  /** @param layers in order; `Input(shape)` first builds the model at once. */
  new (layers?: readonly SequentialItem[], options?: LayerOptions): Sequential;
  new (options: LayerOptions): Sequential;
  /** @param layers in order; `Input(shape)` first builds the model at once. */
  (layers?: readonly SequentialItem[], options?: LayerOptions): Sequential;
  (options: LayerOptions): Sequential;
  readonly prototype: Sequential;
}

export const Sequential: SequentialConstructor = /*#__PURE__*/ define('Sequential', SequentialClass, {
  module: 'keras',
});
