/** Building: weights come into being inside the layer's name scope, once. */

import { asTensor, isTensor, isVariable, type TensorLike } from '@ceratops/core';
import { CeratopsError, type DType, formatType, isFloating, type Shape, sameShape } from '@ceratops/kernel-registry';
import { constraints } from '../constraints/family.js';
import { initializers } from '../initializers/family.js';
import { regularizers } from '../regularizers/family.js';
import type { AnyLayer } from './call-context.js';
import { wrapMethods } from './callable.js';
import type { ShapeTree } from './keras-tensor.js';
import { autoName, checkName, currentPath, withNameScope } from './naming.js';
import { Weight } from './weight.js';

export interface LayerWeightOptions {
  /** Last segment of the weight's path; `variable`, `variable_1`, … when absent. */
  readonly name?: string | undefined;
  /** Scalar when absent. */
  readonly shape?: Shape | undefined;
  /** An initializer, its name, or a function of shape and dtype; glorot uniform for floats, zeros for the rest. */
  readonly initializer?: unknown;
  /** The layer's variable dtype when absent. */
  readonly dtype?: DType | undefined;
  readonly trainable?: boolean | undefined;
  readonly autocast?: boolean | undefined;
  readonly regularizer?: unknown;
  readonly constraint?: unknown;
}

/** Makes the weight of `layer.addWeight`. @throws INVALID_STATE once the layer is built. */
export function makeWeight(layer: AnyLayer, options: LayerWeightOptions): Weight {
  const state = layer.$layer;
  if (state.built && !state.building) {
    throw new CeratopsError('INVALID_STATE', 'weights cannot be added to a layer that is built', {
      subject: `${layer}`,
      remedy: 'add them in the constructor or in build()',
    });
  }
  const { shape = [], dtype = layer.variableDtype, trainable = true } = options;
  const initializer = initializers.get(options.initializer ?? (isFloating(dtype) ? 'glorot_uniform' : 'zeros'));
  const name = checkName(options.name ?? autoName('Variable'), `${layer}`);
  const path = withNameScope(layer.name, layer, state.parentPath, () => `${currentPath()}/${name}`);
  const weight = new Weight(() => initializer(shape, dtype), {
    name,
    path,
    trainable: trainable && state.trainable,
    autocast: options.autocast ?? true,
    regularizer: given(options.regularizer, regularizers.get),
    constraint: given(options.constraint, constraints.get),
  });
  (trainable ? state.trainableWeights : state.otherWeights).push(weight);
  return weight;
}

function given<T>(value: unknown, get: (identifier: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : get(value);
}

const wrapped = new WeakSet<object>();

/** Once per class: `build` opens the name scope, records its shape and marks the layer as built. */
export function wrapBuild(prototype: object): void {
  wrapMethods(prototype, 'build', wrapped, (method) => {
    return function build(this: unknown, ...parameters: unknown[]): unknown {
      const layer = this as AnyLayer;
      const state = layer.$layer;
      if (state.building) return method.apply(this, parameters);
      state.building = true;
      try {
        inScopeOf(layer, () => {
          state.path = currentPath();
          method.apply(this, parameters);
        });
      } finally {
        state.building = false;
      }
      state.buildShape = parameters[0] as ShapeTree | undefined;
      state.built = true;
      return undefined;
    };
  });
}

/** Runs `body` in the layer's name scope; the first scope it opens in becomes its parent path. */
export function inScopeOf<T>(layer: AnyLayer, body: () => T): T {
  const state = layer.$layer;
  state.parentPath ??= currentPath();
  return withNameScope(layer.name, layer, state.parentPath, body);
}

/** Assigns all weights after checking all of them. @throws SHAPE_MISMATCH, nothing changed. */
export function setWeightValues(layer: AnyLayer, values: readonly TensorLike[]): void {
  const { weights } = layer;
  if (weights.length !== values.length) {
    throw new CeratopsError('SHAPE_MISMATCH', 'wrong number of weights', {
      subject: `${layer}`,
      expected: `${weights.length}`,
      received: `${values.length}`,
    });
  }
  const tensors = values.map((value, i) => {
    const { dtype, shape, path } = weights[i]!;
    const tensor = isTensor(value) || isVariable(value) ? asTensor(value) : asTensor(value, dtype);
    if (sameShape(tensor.shape, shape) && tensor.dtype === dtype) return tensor;
    throw new CeratopsError('SHAPE_MISMATCH', 'value does not fit the weight', {
      subject: path,
      expected: formatType({ dtype, shape }),
      received: formatType(tensor),
    });
  });
  tensors.forEach((tensor, i) => {
    weights[i]!.assign(tensor);
  });
}
