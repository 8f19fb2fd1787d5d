/** The layer behind wrappers: one that has another layer. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { AnyLayer } from '../engine/call-context.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer } from '../engine/layer.js';
import { isBuiltByCall } from '../engine/layer-call.js';
import { isLayer } from '../engine/layer-state.js';
import { show } from '../engine/show.js';
import { type AnyTable, isPlainObject, type Row } from '../engine/table.js';
import { deserializeKerasObject } from '../saving/deserialize.js';
import { serializeKerasObject } from '../saving/serialize.js';

/** A layer, by itself or by its form in a file. */
export function layerRow(key: string): Row<AnyLayer> {
  return {
    key,
    required: true,
    fallback: () => undefined as never,
    resolve: (value, subject) => {
      const layer = isPlainObject(value) && 'class_name' in value ? deserializeKerasObject(value as never) : value;
      if (isLayer(layer)) return layer;
      throw new CeratopsError('INVALID_ARGUMENT', `bad argument '${key}'`, {
        subject,
        expected: 'a layer',
        received: show(value),
      });
    },
    serialize: serializeKerasObject,
  };
}

export class WrapperClass extends Layer<Tensor, Tensor> {
  declare readonly layer: Layer<Tensor, Tensor>;

  static override table(): AnyTable {
    return { layer: layerRow('layer') };
  }

  override build(inputShape: SymbolicShape): void {
    if (!this.layer.built && !isBuiltByCall(this.layer as AnyLayer)) this.layer.build(inputShape);
  }
}
