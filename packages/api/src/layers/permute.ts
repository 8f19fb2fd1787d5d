import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { ints } from '../engine/list-rows.js';
import type { Table } from '../engine/table.js';
import { transpose } from '../ops/common.js';

class PermuteClass extends Layer {
  declare readonly dims: readonly number[];

  static override table(): Table<{ dims: readonly number[] }> {
    return { dims: ints('dims') };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const sorted = [...this.dims].sort((a, b) => a - b);
    if (sorted.some((axis, i) => axis !== i + 1)) {
      throw new CeratopsError('INVALID_ARGUMENT', "bad argument 'dims'", {
        subject: `${this}`,
        expected: 'each of 1, 2, … once; the batch is axis 0 and stays',
        received: `[${this.dims.join(', ')}]`,
      });
    }
    this.inputSpec = { rank: this.dims.length + 1 };
  }

  override call(x: Tensor): Tensor {
    return transpose(x, [0, ...this.dims]);
  }
}

/** The axes of each sample in another order. */
export interface Permute extends PermuteClass {}

export interface PermuteConstructor {
  /** Reorders the axes of each sample. @param dims the axes, counted from 1: `[2, 1]` swaps two. */
  new (dims: readonly number[], options?: LayerOptions): Permute;
  /** Reorders the axes of each sample. @param dims the axes, counted from 1: `[2, 1]` swaps two. */
  (dims: readonly number[], options?: LayerOptions): Permute;
  readonly prototype: Permute;
}

export const Permute: PermuteConstructor = /*#__PURE__*/ define('Permute', PermuteClass, { module: 'keras.layers' });
