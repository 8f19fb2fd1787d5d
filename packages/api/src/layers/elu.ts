import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { elu } from '../ops/common.js';

class ELUClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly alpha: number;

  static override table(): Table<{ alpha: number }> {
    return { alpha: float('alpha', 1) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** The exponential linear unit. */
export interface ELU extends ELUClass {}

export interface ELUConstructor {
  /** x where positive, else alpha · (eˣ - 1); alpha is 1 by default. */
  new (alpha?: number | LayerOptions, options?: LayerOptions): ELU;
  /** x where positive, else alpha · (eˣ - 1); alpha is 1 by default. */
  (alpha?: number | LayerOptions, options?: LayerOptions): ELU;
  readonly prototype: ELU;
}

export const ELU: ELUConstructor = /*#__PURE__*/ define('ELU', ELUClass, { module: 'keras.layers' });
