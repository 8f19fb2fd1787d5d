/** What `console.log` shows of a layer or model: `Dense 'dense' (None, 2) → (None, 8), 24 parameters`. */

import type { AnyLayer } from './call-context.js';
import { classNameOf } from './define.js';
import { formatShape, type KerasTensor } from './keras-tensor.js';

/** What models have and other layers have not. */
interface Ends {
  readonly inputs?: readonly KerasTensor[] | undefined;
  readonly outputs?: readonly KerasTensor[] | undefined;
}

export function describeLayer(layer: AnyLayer): string {
  const [node] = layer.inboundNodes;
  const { inputs = node?.inputs, outputs = node?.outputs } = layer as AnyLayer & Ends;
  const shapes = inputs === undefined || outputs === undefined ? '' : ` ${shapesOf(inputs)} → ${shapesOf(outputs)}`;
  const size = layer.built ? `${layer.countParams()} parameters` : 'not built yet';
  return `${classNameOf(layer)} '${layer.name}'${shapes}, ${size}`;
}

function shapesOf(tensors: readonly KerasTensor[]): string {
  return tensors.map(({ shape }) => formatShape(shape)).join(' and ');
}
