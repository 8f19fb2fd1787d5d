/** A small layer of its own for the tests of the engine. */

import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { ShapeTree, SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { bool, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { add } from '../ops/arithmetic.js';
import { matmul } from '../ops/common.js';

interface LinearSettings {
  units: number;
  useBias: boolean;
}

class LinearClass extends Layer {
  declare readonly units: number;
  declare readonly useBias: boolean;
  kernel: Weight | undefined;
  bias: Weight | undefined;

  static override table(): Table<LinearSettings> {
    return { units: int('units', undefined, { min: 1 }), useBias: bool('use_bias', false) };
  }

  override build(shape: ShapeTree): void {
    const inputs = (shape as SymbolicShape).at(-1)!;
    this.inputSpec = { minRank: 2, axes: { [-1]: inputs } };
    this.kernel = this.addWeight({ name: 'kernel', shape: [inputs, this.units], initializer: 'ones' });
    if (this.useBias) this.bias = this.addWeight({ name: 'bias', shape: [this.units], initializer: 'zeros' });
  }

  override call(x: Tensor, _options: CallOptions): Tensor {
    const y = matmul(x, this.kernel!);
    return this.bias === undefined ? y : add(y, this.bias);
  }
}

export interface Linear extends LinearClass {}

export interface LinearConstructor {
  new (units: number, options?: LayerOptions & { readonly useBias?: boolean }): Linear;
  (units: number, options?: LayerOptions & { readonly useBias?: boolean }): Linear;
  readonly prototype: Linear;
}

export const Linear: LinearConstructor = define('Linear', LinearClass, { package: 'test' });
