/** The layer behind RNN, SimpleRNN, LSTM and GRU: runs a cell over time. */

import { type Tensor, Variable } from '@ceratops/core';
import { CeratopsError, sameShape } from '@ceratops/kernel-registry';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer } from '../engine/layer.js';
import { bool } from '../engine/rows.js';
import type { AnyTable, Row, Table } from '../engine/table.js';
import { flatten, mapTree, packAs } from '../engine/tree.js';
import { cast } from '../ops/common.js';
import { literal } from '../ops/support.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { checkCallOptions, kerasOptions } from './call-options.js';
import { buildCell, initialStatesOf, outputSizeOf, requireCell } from './cells.js';
import type { RNNCallOptions } from './rnn.js';
import { type CellResult, DropoutRNNCell, type RNNCell, type StateSize } from './rnn-cell.js';
import { loopOverTime, type States } from './rnn-loop.js';
import { type StackedRNNCells as Stacked, StackedRNNCells } from './stacked-rnn-cells.js';

export interface RNNSettings {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly unroll: boolean;
  readonly zeroOutputForMask: boolean;
}

export function rnnRows(): Table<RNNSettings> {
  return {
    returnSequences: bool('return_sequences', false),
    returnState: bool('return_state', false),
    goBackwards: bool('go_backwards', false),
    stateful: bool('stateful', false),
    unroll: bool('unroll', false),
    zeroOutputForMask: bool('zero_output_for_mask', false),
  };
}

const cellRow: Row<RNNCell> = {
  key: 'cell',
  required: true,
  fallback: () => undefined as never,
  resolve: (value, subject) =>
    Array.isArray(value) ? (StackedRNNCells(value) as unknown as RNNCell) : requireCell(value, subject),
  serialize: serializeKerasObject,
};

export class RNNClass extends Layer<Tensor, Tensor> {
  declare readonly cell: RNNCell;
  declare readonly returnSequences: boolean;
  declare readonly returnState: boolean;
  declare readonly goBackwards: boolean;
  declare readonly stateful: boolean;
  declare readonly unroll: boolean;
  declare zeroOutputForMask: boolean;
  /** The states that a stateful layer keeps; no weights. */
  $states: Variable[] | undefined;

  static override table(): AnyTable {
    return { cell: cellRow, ...rnnRows() } as Table<RNNSettings & { cell: RNNCell }> as AnyTable;
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  /** Sizes of the states, one entry each. */
  get stateSize(): readonly StateSize[] {
    const { stateSize } = this.cell;
    return typeof stateSize === 'number' ? [stateSize] : stateSize;
  }

  override build(inputShape: SymbolicShape): void {
    const [batch, time, ...rest] = inputShape;
    if (this.unroll && time === null) {
      throw new CeratopsError('SHAPE_MISMATCH', 'no loop can be unrolled without knowing its length', {
        subject: `${this}`,
        expected: 'a number of steps',
        received: `shape (${inputShape.map((size) => size ?? 'None').join(', ')})`,
        remedy: 'give it with the input: Input([10, 8]), or leave unroll out',
      });
    }
    buildCell(this.cell, [batch!, ...rest]);
    if (!this.stateful) return;
    if (batch === null || batch === undefined) {
      throw new CeratopsError('SHAPE_MISMATCH', 'a stateful layer needs to know the batch size', {
        subject: `${this}`,
        expected: 'a number',
        received: `shape (${inputShape.map((size) => size ?? 'None').join(', ')})`,
        remedy: 'give it with the input: Input({ batchShape: [32, 10, 8] })',
      });
    }
    this.$states ??= flatten<Tensor>(initialStatesOf(this.cell, batch)).map(
      ({ shape }) =>
        new Variable(() => literal({ shape, dtype: this.variableDtype }, 0), { name: 'rnn_state', trainable: false }),
    );
  }

  getInitialState(batchSize: number): States {
    return initialStatesOf(this.cell, batchSize);
  }

  /** Starts the next batch from zeros; for stateful layers. */
  resetState(): void {
    for (const state of this.$states ?? []) state.assign(literal(state, 0));
  }

  /** Graphs and files hold the options of a call under Keras' names. */
  override invoke(inputs: Tensor, options: RNNCallOptions = {}): Tensor {
    checkCallOptions(this, options, stateOptions);
    checkStateCount(this, options.initialState, flatten(this.stateSize).length);
    return super.invoke(inputs, kerasOptions(options));
  }

  override call(sequences: Tensor, { training, mask, initial_state: given }: CallOptions): Tensor {
    const initial = this.#start(sequences, given as RNNCallOptions['initialState']);
    const cell = this.cell as unknown as Layer<Tensor, CellResult>;
    const [batch, , ...rest] = sequences.shape;
    const slice = { shape: [batch!, ...rest], dtype: sequences.dtype };
    const { last, outputs, states } = withDropoutMasks(this.cell, slice, initial, () =>
      loopOverTime((input, before) => cell(input, { states: before, training }), sequences, initial, {
        mask: flatten<Tensor | undefined>(mask)[0],
        goBackwards: this.goBackwards,
        unroll: this.unroll,
        zeroOutputForMask: this.zeroOutputForMask,
        returnSequences: this.returnSequences,
      }),
    );
    this.#keep(states);
    const output = cast(this.returnSequences ? outputs! : last, this.computeDtype);
    if (!this.returnState) return output;
    const final = mapTree<Tensor[]>(states, (state) => cast(state as Tensor, this.computeDtype));
    return [output, ...final] as unknown as Tensor;
  }

  #start(sequences: Tensor, given: RNNCallOptions['initialState']): States {
    const batch = sequences.shape[0]!;
    const fresh = initialStatesOf(this.cell, batch);
    const wanted = flatten<Tensor>(fresh);
    const states = given ?? (this.stateful ? this.$states!.map(({ value }) => value) : fresh);
    const flat = flatten<Tensor>(Array.isArray(states) ? states : [states]);
    const fits = flat.length === wanted.length && flat.every(({ shape }, i) => sameShape(shape, wanted[i]!.shape));
    if (!fits) {
      const shapes = (list: readonly Tensor[]): string => list.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
      throw new CeratopsError('SHAPE_MISMATCH', 'the states do not fit the batch', {
        subject: `${this}`,
        expected: shapes(wanted),
        received: shapes(flat),
        remedy: this.stateful && given === undefined ? 'a stateful layer takes batches of one size' : undefined,
      });
    }
    return packAs<States>(
      fresh,
      flat.map((state) => cast(state, this.cell.computeDtype)),
    );
  }

  #keep(states: States): void {
    if (!this.stateful) return;
    for (const [i, state] of flatten<Tensor>(states).entries()) {
      const variable = this.$states![i]!;
      variable.assign(cast(state, variable.dtype));
    }
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const [batch, time] = inputShape as [number | null, number | null];
    const size = outputSizeOf(this.cell);
    const output = this.returnSequences ? [batch, time, size] : [batch, size];
    if (!this.returnState) return output;
    const shapeOf = (state: StateSize): unknown => (typeof state === 'number' ? [batch, state] : state.map(shapeOf));
    return [output, ...this.stateSize.map(shapeOf)] as unknown as SymbolicShape;
  }

  override computeMask(_inputs: unknown, mask: unknown): unknown {
    const own = this.returnSequences ? flatten(mask)[0] : undefined;
    return this.returnState ? [own, ...flatten(this.stateSize).map(() => undefined)] : own;
  }
}

/** As users write it, and as graphs hold it. */
export const stateOptions: readonly string[] = ['initialState', 'initial_state'];

/** @throws SHAPE_MISMATCH for more or fewer initial states than `expected`; symbolic ones are counted too. */
export function checkStateCount(layer: object, given: RNNCallOptions['initialState'], expected: number): void {
  if (given === undefined || given === null) return;
  const received = flatten(given).length;
  if (received === expected) return;
  throw new CeratopsError('SHAPE_MISMATCH', 'wrong number of initial states', {
    subject: `${layer}`,
    expected: `${expected}, [batch, size] each`,
    received: `${received}`,
  });
}

/** Runs `body` with the dropout masks of a cell, and of the cells inside it, drawn once. */
function withDropoutMasks<T>(
  cell: unknown,
  input: { readonly shape: readonly number[]; readonly dtype: Tensor['dtype'] },
  states: States,
  body: () => T,
): T {
  const first = flatten<Tensor>(states)[0]!;
  if (cell instanceof DropoutRNNCell) return cell.withMasks(input, first, body);
  if (!(cell instanceof StackedRNNCells)) return body();
  const { cells } = cell as Stacked;
  const from = (i: number, slice: typeof input): T => {
    if (i === cells.length) return body();
    const own = [states[i]!].flat() as States;
    const next = { shape: [slice.shape[0]!, outputSizeOf(cells[i]!)], dtype: cells[i]!.computeDtype };
    return withDropoutMasks(cells[i], slice, own, () => from(i + 1, next));
  };
  return from(0, input);
}
