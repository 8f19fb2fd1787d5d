/** `layer.input` and `layer.output`: the symbolic tensors of a layer's first call, to make models of parts of models. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { AnyLayer } from './call-context.js';
import type { KerasTensor } from './keras-tensor.js';

/**
 * @param own the ends of a functional model.
 * @throws INVALID_STATE before the first symbolic call, and where there are several: `inboundNodes[0]` has them all.
 */
export function endOf(layer: AnyLayer, end: 'inputs' | 'outputs', own?: readonly KerasTensor[]): KerasTensor {
  const [node] = layer.inboundNodes;
  const tensors = own ?? node?.[end] ?? [];
  if (tensors.length === 1) return tensors[0]!;
  throw new CeratopsError('INVALID_STATE', `has no single ${end.slice(0, -1)}`, {
    subject: `${layer}`,
    expected: 'a layer of a functional model',
    received: tensors.length > 1 ? `${tensors.length} ${end}` : 'one that was never called on a symbolic tensor',
    remedy:
      tensors.length > 1 ? `take them from ${own === undefined ? 'layer.inboundNodes[0]' : 'model'}.${end}` : undefined,
  });
}
