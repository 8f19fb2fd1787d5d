import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { add, matmul, multiply, squeeze, subtract } from '../ops/common.js';
import { gate, gruRows, partOf, partsOf, RecurrentCell } from './recurrent-weights.js';
import type { CellOptions, CellResult, RecurrentOptions } from './rnn-cell.js';
import { addNamedWeight } from './weights.js';

export interface GRUCellOptions extends RecurrentOptions {
  /** `sigmoid` by default. */
  readonly recurrentActivation?: ActivationIdentifier | undefined;
  /** Whether the reset gate acts after the product with the recurrent kernel; true by default. */
  readonly resetAfter?: boolean | undefined;
}

class GRUCellClass extends RecurrentCell {
  declare readonly recurrentActivation: Activation;
  declare readonly resetAfter: boolean;
  protected readonly gates = 3;

  static override table(): AnyTable {
    return gruRows();
  }

  get stateSize(): number {
    return this.units;
  }

  protected override get maskCount(): number {
    return this.recurrentDropout === 0 ? 1 : 3;
  }

  /** With the reset gate after the product there is one bias for each of the two products. */
  protected override makeBias(): Weight {
    return this.resetAfter ? addNamedWeight(this, 'bias', [2, 3 * this.units]) : super.makeBias();
  }

  override call(x: Tensor, { states, training }: CellOptions): CellResult {
    const [before] = states as readonly [Tensor];
    const { inputs, states: masked } = this.seen(x, before, training);
    const { activation, recurrentActivation } = this;
    const [inputBias, recurrentBias] = this.#biases();
    const [xz, xr, xh] = this.#shares(inputs, this.kernel!.value, inputBias, 3) as Parts;
    let z: Tensor;
    let candidate: Tensor;
    if (this.resetAfter) {
      const [hz, hr, hh] = this.#shares(masked, this.recurrentKernel!.value, recurrentBias, 3) as Parts;
      z = recurrentActivation(add(xz, hz));
      candidate = multiply(recurrentActivation(add(xr, hr)), hh);
    } else {
      const kernel = this.recurrentKernel!.value;
      const gates = partOf(kernel, 1, 0, 2 * this.units);
      const last = partOf(kernel, 1, 2 * this.units, 3 * this.units);
      const [hz, hr] = this.#shares(masked, gates, undefined, 2) as [Tensor, Tensor];
      z = recurrentActivation(add(xz, hz));
      candidate = matmul(multiply(recurrentActivation(add(xr, hr)), gate(masked, 2)), last);
    }
    const h = add(multiply(z, before), multiply(subtract(1, z), activation(add(xh, candidate))));
    return [h, [h]];
  }

  #biases(): readonly [Tensor | undefined, Tensor | undefined] {
    if (this.bias === undefined) return [undefined, undefined];
    if (!this.resetAfter) return [this.bias.value, undefined];
    const [input, recurrent] = partsOf(this.bias.value, 2, 0).map((row) => squeeze(row, 0));
    return [input, recurrent];
  }

  /** The gates' shares: of one product, or each of its own where they see different things. */
  #shares(seen: readonly Tensor[], kernel: Tensor, bias: Tensor | undefined, gates: number): Tensor[] {
    const biased = (product: Tensor, own: Tensor | undefined): Tensor =>
      own === undefined ? product : add(product, own);
    if (seen.length === 1) return partsOf(biased(matmul(seen[0]!, kernel), bias), gates, 1);
    const biases = bias === undefined ? undefined : partsOf(bias, gates, 0);
    return partsOf(kernel, gates, 1).map((part, k) => biased(matmul(gate(seen, k), part), biases?.[k]));
  }
}

type Parts = [z: Tensor, r: Tensor, h: Tensor];

/** One step of a gated recurrent unit (Cho et al. 2014). */
export interface GRUCell extends GRUCellClass {}

export interface GRUCellConstructor {
  /** One step of a gated recurrent unit, for `RNN`. @param units size of the output and of the state. */
  new (units: number, activation?: ActivationIdentifier | GRUCellOptions, options?: GRUCellOptions): GRUCell;
  /** One step of a gated recurrent unit, for `RNN`. @param units size of the output and of the state. */
  (units: number, activation?: ActivationIdentifier | GRUCellOptions, options?: GRUCellOptions): GRUCell;
  readonly prototype: GRUCell;
}

export const GRUCell: GRUCellConstructor = /*#__PURE__*/ define('GRUCell', GRUCellClass, { module: 'keras.layers' });
