import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { CallOptions, Layer, LayerOptions } from '../engine/layer.js';
import { RNNClass } from './rnn-base.js';
import type { States } from './rnn-loop.js';

export interface RNNOptions extends LayerOptions {
  /** Gives the outputs of all steps, not only of the last; false by default. */
  readonly returnSequences?: boolean | undefined;
  /** Gives the last states beside the output; false by default. */
  readonly returnState?: boolean | undefined;
  /** From the last step to the first; outputs are then in that order. False by default. */
  readonly goBackwards?: boolean | undefined;
  /** Starts from the states that the batch before left, sample by sample; false by default. */
  readonly stateful?: boolean | undefined;
  /** One copy of the cell for each step instead of a loop; false by default. */
  readonly unroll?: boolean | undefined;
  /** Where a step is masked, the output is zero, not that of the step before; false by default. */
  readonly zeroOutputForMask?: boolean | undefined;
}

export interface RNNCallOptions extends CallOptions {
  /** What to start from instead of zeros: one tensor per state. */
  readonly initialState?: Tensor | States | undefined;
}

/** A layer that runs a cell over time. */
export interface RNN extends RNNClass {}

export interface RNNConstructor {
  /** Runs a cell, or several on top of each other, over axis 1 of [batch, time, …]. */
  new (
    cell: Layer<never, unknown> | readonly Layer<never, unknown>[],
    returnSequences?: boolean | RNNOptions,
    options?: RNNOptions,
  ): RNN;
  /** Runs a cell, or several on top of each other, over axis 1 of [batch, time, …]. */
  (
    cell: Layer<never, unknown> | readonly Layer<never, unknown>[],
    returnSequences?: boolean | RNNOptions,
    options?: RNNOptions,
  ): RNN;
  readonly prototype: RNN;
}

export const RNN: RNNConstructor = /*#__PURE__*/ define('RNN', RNNClass, { module: 'keras.layers' });
