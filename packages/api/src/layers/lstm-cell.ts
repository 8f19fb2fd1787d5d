import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import type { ActivationIdentifier } from '../activations/family.js';
import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { add, matmul, multiply } from '../ops/common.js';
import { concatenate } from '../ops/concatenate.js';
import { literal } from '../ops/support.js';
import { gate, lstmRows, partsOf, RecurrentCell } from './recurrent-weights.js';
import type { CellOptions, CellResult, RecurrentOptions } from './rnn-cell.js';

export interface LSTMCellOptions extends RecurrentOptions {
  /** `sigmoid` by default. */
  readonly recurrentActivation?: ActivationIdentifier | undefined;
  /** Whether the forget gate's bias starts at 1; true by default. */
  readonly unitForgetBias?: boolean | undefined;
}

class LSTMCellClass extends RecurrentCell {
  declare readonly recurrentActivation: Activation;
  declare readonly unitForgetBias: boolean;
  protected readonly gates = 4;

  static override table(): AnyTable {
    return lstmRows();
  }

  get stateSize(): readonly number[] {
    return [this.units, this.units];
  }

  protected override get maskCount(): number {
    return this.recurrentDropout === 0 ? 1 : 4;
  }

  protected override makeBias(): Weight {
    if (!this.unitForgetBias) return super.makeBias();
    const { units, biasInitializer } = this;
    return this.addWeight({
      name: 'bias',
      shape: [units * 4],
      initializer: (_shape: unknown, dtype: never) =>
        concatenate(
          [biasInitializer([units], dtype), literal({ shape: [units], dtype }, 1), biasInitializer([units * 2], dtype)],
          0,
        ),
      regularizer: this.biasRegularizer,
      constraint: this.biasConstraint,
    });
  }

  override call(x: Tensor, { states, training }: CellOptions): CellResult {
    const [before, carry] = states as readonly [Tensor, Tensor];
    const seen = this.seen(x, before, training);
    const [i, f, candidate, o] = (this.recurrentDropout === 0 ? this.#fused(seen) : this.#split(seen)) as Gates;
    const { activation, recurrentActivation } = this;
    const c = add(multiply(recurrentActivation(f), carry), multiply(recurrentActivation(i), activation(candidate)));
    const h = multiply(recurrentActivation(o), activation(c));
    return [h, [h, c]];
  }

  /** One product for all gates. */
  #fused({ inputs, states }: Seen): Tensor[] {
    const product = add(matmul(inputs[0]!, this.kernel!), matmul(states[0]!, this.recurrentKernel!));
    return partsOf(this.bias === undefined ? product : add(product, this.bias), 4, 1);
  }

  /** Each gate with its own mask, so with its own products. */
  #split({ inputs, states }: Seen): Tensor[] {
    const kernels = partsOf(this.kernel!.value, 4, 1);
    const recurrent = partsOf(this.recurrentKernel!.value, 4, 1);
    const biases = this.bias === undefined ? undefined : partsOf(this.bias.value, 4, 0);
    return kernels.map((kernel, k) => {
      const product = matmul(gate(inputs, k), kernel);
      return add(biases === undefined ? product : add(product, biases[k]!), matmul(gate(states, k), recurrent[k]!));
    });
  }
}

type Gates = [i: Tensor, f: Tensor, c: Tensor, o: Tensor];

interface Seen {
  readonly inputs: readonly Tensor[];
  readonly states: readonly Tensor[];
}

/** One step of an LSTM (Hochreiter and Schmidhuber 1997). */
export interface LSTMCell extends LSTMCellClass {}

export interface LSTMCellConstructor {
  /** One step of an LSTM, for `RNN`. @param units size of the output and of both states. */
  new (units: number, activation?: ActivationIdentifier | LSTMCellOptions, options?: LSTMCellOptions): LSTMCell;
  /** One step of an LSTM, for `RNN`. @param units size of the output and of both states. */
  (units: number, activation?: ActivationIdentifier | LSTMCellOptions, options?: LSTMCellOptions): LSTMCell;
  readonly prototype: LSTMCell;
}

export const LSTMCell: LSTMCellConstructor = /*#__PURE__*/ define('LSTMCell', LSTMCellClass, {
  module: 'keras.layers',
});
