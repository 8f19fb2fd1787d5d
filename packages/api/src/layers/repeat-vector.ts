import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { expandDims } from '../ops/common.js';
import { repeat } from '../ops/tiling.js';

class RepeatVectorClass extends Layer {
  declare readonly n: number;

  static override table(): Table<{ n: number }> {
    return { n: int('n', undefined, { min: 1 }) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: 2 };
  }

  override call(x: Tensor): Tensor {
    return repeat(expandDims(x, 1), this.n, { axis: 1 });
  }

  override computeOutputShape([batch, features]: SymbolicShape): SymbolicShape {
    return [batch!, this.n, features!];
  }
}

/** A sequence of one vector, again and again. */
export interface RepeatVector extends RepeatVectorClass {}

export interface RepeatVectorConstructor {
  /** A sequence of `n` steps, each the input: [batch, features] → [batch, n, features]. */
  new (n: number, options?: LayerOptions): RepeatVector;
  /** A sequence of `n` steps, each the input: [batch, features] → [batch, n, features]. */
  (n: number, options?: LayerOptions): RepeatVector;
  readonly prototype: RepeatVector;
}

export const RepeatVector: RepeatVectorConstructor = /*#__PURE__*/ define('RepeatVector', RepeatVectorClass, {
  module: 'keras.layers',
});
