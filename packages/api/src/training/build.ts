/** Building a model from data: a call is traced, nothing runs. */

import { evalShape, type Tensor } from '@ceratops/core';
import type { TensorType } from '@ceratops/kernel-registry';
import { KerasTensor } from '../engine/keras-tensor.js';
import type { Model } from '../engine/model.js';
import { flatten, packAs } from '../engine/tree.js';

type AnyModel = Model<never, unknown>;

/** True when no weights are still to be made. */
export function isBuilt(model: AnyModel): boolean {
  return model.built && model.flattenLayers().every((layer) => layer.built);
}

/**
 * Builds all weights by tracing a call; the outputs as symbolic tensors.
 * @throws what the layers say about these inputs.
 */
export function buildOn(model: AnyModel, x: unknown): unknown {
  let structure: unknown;
  const call = (inputs: never): Tensor[] => {
    structure = model.invoke(inputs, { training: false });
    return flatten<Tensor>(structure);
  };
  const types = evalShape(call, x) as readonly TensorType[];
  model.clearLosses();
  return packAs(
    structure,
    types.map(({ shape, dtype }) => new KerasTensor(shape, dtype, 'output')),
  );
}
