/** The inner state of a layer, its `$layer`. */

import type { Tensor } from '@ceratops/core';
import { hasBrand } from './brands.js';
import type { AnyLayer } from './call-context.js';
import type { DTypePolicy } from './dtype-policy.js';
import type { ShapeTree } from './keras-tensor.js';
import type { Weight } from './weight.js';

export interface LayerState {
  built: boolean;
  /** `build` is running: weights may be added, and `super.build` is not a second build. */
  building: boolean;
  /** The shape given to `build`; files keep it. */
  buildShape: ShapeTree | undefined;
  trainable: boolean;
  dtypePolicy: DTypePolicy;
  supportsMasking: boolean | undefined;
  readonly trainableWeights: Weight[];
  readonly otherWeights: Weight[];
  /** Tensors given to `addLoss` since the last outermost call. */
  losses: Tensor[];
  /** Things named by `track`. */
  readonly tracked: unknown[];
  path: string | undefined;
  parentPath: string | undefined;
}

export function newLayerState(trainable: boolean, dtypePolicy: DTypePolicy): LayerState {
  return {
    built: false,
    building: false,
    buildShape: undefined,
    trainable,
    dtypePolicy,
    supportsMasking: undefined,
    trainableWeights: [],
    otherWeights: [],
    losses: [],
    tracked: [],
    path: undefined,
    parentPath: undefined,
  };
}

/** True for layers and models of this or another copy of the package. */
export function isLayer(value: unknown): value is AnyLayer {
  return hasBrand(value, '$layer');
}
