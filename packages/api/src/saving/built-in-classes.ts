/** Built-in classes that a file may name and the program may not: each in a chunk of its own, loaded when a file asks. */

import { isPlainObject, type Json } from '../engine/table.js';
import { findClass } from './class-registry.js';

const layers: { readonly [className: string]: () => Promise<unknown> } = {
  Activation: () => import('../layers/activation.js'),
  Add: () => import('../layers/add.js'),
  AveragePooling2D: () => import('../layers/average-pooling2d.js'),
  BatchNormalization: () => import('../layers/batch-normalization.js'),
  Concatenate: () => import('../layers/concatenate.js'),
  Conv1D: () => import('../layers/conv1d.js'),
  Conv2D: () => import('../layers/conv2d.js'),
  Dense: () => import('../layers/dense.js'),
  DepthwiseConv2D: () => import('../layers/depthwise-conv2d.js'),
  Dropout: () => import('../layers/dropout.js'),
  Embedding: () => import('../layers/embedding.js'),
  Flatten: () => import('../layers/flatten.js'),
  GlobalAveragePooling2D: () => import('../layers/global-average-pooling2d.js'),
  Identity: () => import('../layers/identity.js'),
  LayerNormalization: () => import('../layers/layer-normalization.js'),
  MaxPooling2D: () => import('../layers/max-pooling2d.js'),
  Multiply: () => import('../layers/multiply.js'),
  Permute: () => import('../layers/permute.js'),
  ReLU: () => import('../layers/relu.js'),
  Rescaling: () => import('../layers/rescaling.js'),
  Reshape: () => import('../layers/reshape.js'),
  Softmax: () => import('../layers/softmax.js'),
};

const models: { readonly [className: string]: () => Promise<unknown> } = {
  Functional: () => import('../engine/model.js'),
  InputLayer: () => import('../engine/input.js'),
  Model: () => import('../engine/model.js'),
  Sequential: () => import('../engine/sequential.js'),
};

const schedules: { readonly [className: string]: () => Promise<unknown> } = {
  CosineDecay: () => import('../optimizers/schedules/cosine-decay.js'),
  CosineDecayRestarts: () => import('../optimizers/schedules/cosine-decay-restarts.js'),
  ExponentialDecay: () => import('../optimizers/schedules/exponential-decay.js'),
  InverseTimeDecay: () => import('../optimizers/schedules/inverse-time-decay.js'),
  PiecewiseConstantDecay: () => import('../optimizers/schedules/piecewise-constant-decay.js'),
  PolynomialDecay: () => import('../optimizers/schedules/polynomial-decay.js'),
};

const builtIns = { ...layers, ...models, ...schedules };

/** The layer classes that `loadModel` finds without being told. */
export const loadableLayers: readonly string[] = Object.keys(layers);

/** Imports every built-in class that a serialized object names, at any depth, and that is not there yet. */
export async function importBuiltIns(json: Json): Promise<void> {
  const names = new Set<string>();
  collectClassNames(json, names);
  await Promise.all(
    [...names]
      .filter((name) => Object.hasOwn(builtIns, name) && findClass(name) === undefined)
      .map((name) => builtIns[name]!()),
  );
}

function collectClassNames(json: Json, names: Set<string>): void {
  if (Array.isArray(json)) for (const item of json) collectClassNames(item as Json, names);
  else if (isPlainObject(json)) {
    const { class_name: className } = json;
    if (typeof className === 'string') names.add(className);
    for (const item of Object.values(json)) collectClassNames(item as Json, names);
  }
}
