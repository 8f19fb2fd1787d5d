/** The arguments and weights of the built-in recurrent cells. */

import type { Tensor } from '@ceratops/core';
import { slice } from '@ceratops/core/primitives';
import type { Activation } from '../activations/activations.js';
import { activations } from '../activations/family.js';
import type { Constraint } from '../constraints/constraint.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { bool, int, object } from '../engine/rows.js';
import type { SeedGenerator } from '../engine/seed-generator.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { Initializer } from '../initializers/initializer.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { DropoutRNNCell, type DropoutSettings, dropoutRows, type Stream, streamRow } from './rnn-cell.js';
import { addNamedWeight, knownSize, type WeightSettings, weightRows } from './weights.js';

export interface RecurrentSettings
  extends WeightSettings<'kernel'>,
    WeightSettings<'recurrent'>,
    WeightSettings<'bias'>,
    DropoutSettings {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
}

export interface GatedSettings extends RecurrentSettings {
  readonly recurrentActivation: Activation;
}

type WeightRows = Table<WeightSettings<'kernel'> & WeightSettings<'recurrent'> & WeightSettings<'bias'>>;

/** Initializers draw their seeds in this order, which is that of Keras. */
function recurrentWeightRows(): WeightRows {
  return {
    ...weightRows('kernel', 'glorot_uniform'),
    ...weightRows('recurrent', 'orthogonal'),
    ...weightRows('bias', 'zeros'),
  } as WeightRows;
}

function gatedRows(): Table<GatedSettings> {
  return {
    units: int('units', undefined, { min: 1 }),
    activation: object('activation', activations, 'tanh'),
    recurrentActivation: object('recurrent_activation', activations, 'sigmoid'),
    useBias: bool('use_bias', true),
    ...recurrentWeightRows(),
    ...dropoutRows(),
  };
}

export interface LSTMSettings extends GatedSettings {
  readonly unitForgetBias: boolean;
}

export function lstmRows(): Table<Stream<LSTMSettings>> {
  return { ...gatedRows(), unitForgetBias: bool('unit_forget_bias', true), seed: streamRow() };
}

export interface GRUSettings extends GatedSettings {
  readonly resetAfter: boolean;
}

export function gruRows(): Table<Stream<GRUSettings>> {
  return { ...gatedRows(), resetAfter: bool('reset_after', true), seed: streamRow() };
}

/** The stream's seed is drawn before those of the initializers. */
export function simpleRows(): Table<Stream<RecurrentSettings>> {
  return {
    units: int('units', undefined, { min: 1 }),
    activation: object('activation', activations, 'tanh'),
    useBias: bool('use_bias', true),
    seed: streamRow(),
    ...recurrentWeightRows(),
    ...dropoutRows(),
  };
}

/** A cell with one kernel for inputs and one for states, each as wide as all gates together. */
export abstract class RecurrentCell extends DropoutRNNCell {
  declare readonly units: number;
  declare readonly activation: Activation;
  declare readonly useBias: boolean;
  declare readonly kernelInitializer: Initializer;
  declare readonly recurrentInitializer: Initializer;
  declare readonly biasInitializer: Initializer;
  declare readonly kernelRegularizer: Regularizer | undefined;
  declare readonly recurrentRegularizer: Regularizer | undefined;
  declare readonly biasRegularizer: Regularizer | undefined;
  declare readonly kernelConstraint: Constraint | undefined;
  declare readonly recurrentConstraint: Constraint | undefined;
  declare readonly biasConstraint: Constraint | undefined;
  declare readonly seed: SeedGenerator;
  kernel: Weight | undefined;
  recurrentKernel: Weight | undefined;
  bias: Weight | undefined;

  /** How many gates share the kernels. */
  protected abstract readonly gates: number;

  get outputSize(): number {
    return this.units;
  }

  override build(inputShape: SymbolicShape): void {
    const width = this.units * this.gates;
    this.kernel = addNamedWeight(this, 'kernel', [knownSize(this, inputShape, -1), width]);
    this.recurrentKernel = addNamedWeight(this, 'recurrent', [this.units, width], { name: 'recurrent_kernel' });
    if (this.useBias) this.bias = this.makeBias();
  }

  protected makeBias(): Weight {
    return addNamedWeight(this, 'bias', [this.units * this.gates]);
  }
}

/** Equal parts along an axis. Not `ops.split`, which every program would load (docs/decisions/barrels-and-chunks.md). */
export function partsOf(x: Tensor, count: number, axis: number): Tensor[] {
  const size = x.shape[axis]! / count;
  return Array.from({ length: count }, (_, i) => partOf(x, axis, i * size, (i + 1) * size));
}

export function partOf(x: Tensor, axis: number, from: number, to: number): Tensor {
  const at = (value: number, others: readonly number[]): number[] =>
    others.map((other, i) => (i === axis ? value : other));
  return slice(
    x,
    at(
      from,
      x.shape.map(() => 0),
    ),
    at(to, x.shape),
  );
}

/** Entry `i`, or the one that stands for all. */
export function gate(list: readonly Tensor[], i: number): Tensor {
  return list[i] ?? list[0]!;
}
