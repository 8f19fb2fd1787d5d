import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { float } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { L1L2 } from '../regularizers/norms.js';

export interface ActivityRegularizationOptions extends LayerOptions {
  /** Of Σ|x|, 0 by default. */
  readonly l1?: number | undefined;
  /** Of Σx², 0 by default. */
  readonly l2?: number | undefined;
}

class ActivityRegularizationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly l1: number;
  declare readonly l2: number;

  static override table(): Table<{ l1: number; l2: number }> {
    return { l1: float('l1', 0, { min: 0 }), l2: float('l2', 0, { min: 0 }) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.activityRegularizer = L1L2({ l1: this.l1, l2: this.l2 });
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return x;
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { activity_regularizer: _, ...config } = super.getConfig();
    return config;
  }
}

/** Its input, whose size is penalized in the loss. */
export interface ActivityRegularization extends ActivityRegularizationClass {}

export interface ActivityRegularizationConstructor {
  /** Adds l1 · Σ|x| + l2 · Σx², divided by the batch size, to the training loss. */
  new (l1?: number | ActivityRegularizationOptions, options?: ActivityRegularizationOptions): ActivityRegularization;
  /** Adds l1 · Σ|x| + l2 · Σx², divided by the batch size, to the training loss. */
  (l1?: number | ActivityRegularizationOptions, options?: ActivityRegularizationOptions): ActivityRegularization;
  readonly prototype: ActivityRegularization;
}

export const ActivityRegularization: ActivityRegularizationConstructor = /*#__PURE__*/ define(
  'ActivityRegularization',
  ActivityRegularizationClass,
  { module: 'keras.layers' },
);
