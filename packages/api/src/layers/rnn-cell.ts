/** What the cells of recurrent layers share: how they are called, their states, and dropout with one mask for all steps. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError, type DType, type Shape } from '@ceratops/kernel-registry';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { isTensorOrSymbolic } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { float, int } from '../engine/rows.js';
import { SeedGenerator } from '../engine/seed-generator.js';
import { show } from '../engine/show.js';
import type { Row, Table } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import { multiply } from '../ops/common.js';
import { literal } from '../ops/support.js';
import { dropout } from '../random/distributions.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { States } from './rnn-loop.js';
import type { BiasOptions } from './support.js';

/** How many numbers a state holds for each sample; a list where there are several states. */
export type StateSize = number | readonly number[];

export interface CellOptions extends CallOptions {
  /** What the step before left. */
  readonly states: States;
}

/**
 * One step of a recurrent layer: any layer with `stateSize` whose `call(x, { states })` gives [output, next states]. `outputSize` is the first
 * state's size unless it says otherwise.
 */
export interface RNNCell extends Layer<Tensor, never> {
  readonly stateSize: StateSize | readonly StateSize[];
  readonly outputSize?: number | undefined;
  getInitialState?(batchSize: number): States;
}

/** What one call of a cell gives. */
export type CellResult = readonly [Tensor, States];

export interface RecurrentOptions extends LayerOptions, BiasOptions {
  /** `glorot_uniform` by default. */
  readonly kernelInitializer?: InitializerIdentifier | undefined;
  /** `orthogonal` by default. */
  readonly recurrentInitializer?: InitializerIdentifier | undefined;
  readonly kernelRegularizer?: RegularizerIdentifier | undefined;
  readonly recurrentRegularizer?: RegularizerIdentifier | undefined;
  readonly kernelConstraint?: ConstraintIdentifier | undefined;
  readonly recurrentConstraint?: ConstraintIdentifier | undefined;
  /** Fraction of the inputs to drop, 0 by default. */
  readonly dropout?: number | undefined;
  /** Fraction of the state to drop on its way to the gates, 0 by default. */
  readonly recurrentDropout?: number | undefined;
  /** Of the cell's own random stream; drawn when absent. */
  readonly seed?: number | undefined;
}

export interface DropoutSettings {
  readonly dropout: number;
  readonly recurrentDropout: number;
}

export function dropoutRows(): Table<DropoutSettings> {
  return {
    dropout: float('dropout', 0, { min: 0, max: 1 }),
    recurrentDropout: float('recurrent_dropout', 0, { min: 0, max: 1 }),
  };
}

/** The seed of a cell's random stream. It is drawn where the row stands among the others, so that seeds come in Keras' order. */
export function streamRow(): Row<SeedGenerator> {
  const given = int('seed');
  return {
    key: 'seed',
    required: false,
    fallback: () => new SeedGenerator(),
    resolve: (value, subject) =>
      value instanceof SeedGenerator
        ? value
        : new SeedGenerator(value === null ? undefined : given.resolve(value, subject)),
    serialize: (stream) => stream.getConfig().seed,
  };
}

export type Stream<Settings> = Settings & { readonly seed: SeedGenerator };

/** What a layer owns is found by walking its properties: the stream is to be found under `seedGenerator` of the cell alone. */
export function hideStream(layer: object): SeedGenerator {
  const { seed } = layer as { readonly seed: SeedGenerator };
  Object.defineProperty(layer, 'seed', { value: seed, enumerable: false });
  return seed;
}

/** @throws INVALID_ARGUMENT for a call of a cell that comes without as many states as there should be. */
export function requireStates(cell: object, options: CellOptions | undefined, count: number): void {
  const states: unknown = options?.states;
  const given = Array.isArray(states) && flatten<unknown>(states).every(isTensorOrSymbolic);
  if (given && states.length === count) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'called without its states', {
    subject: `${cell}`,
    expected: `cell(x, { states }) with a list of ${count}`,
    received: given ? `${states.length}` : show(states),
    remedy: 'cell.getInitialState(batchSize) makes those to start from',
  });
}

/** What a mask is like. */
interface Extent {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Masks of one pass over a sequence; several where each gate has its own. */
interface DropoutMasks {
  readonly inputs: readonly Tensor[];
  readonly states: readonly Tensor[];
}

/** A cell with dropout, `keras.layers.DropoutRNNCell`. */
export abstract class DropoutRNNCell extends Layer<Tensor, CellResult> {
  declare readonly dropout: number;
  declare readonly recurrentDropout: number;
  readonly seedGenerator: SeedGenerator;
  abstract readonly stateSize: StateSize;
  abstract readonly outputSize: number;
  #masks: DropoutMasks | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.seedGenerator = hideStream(this);
  }

  override invoke(x: Tensor, options?: CellOptions): CellResult {
    requireStates(this, options, [this.stateSize].flat().length);
    return super.invoke(x, options);
  }

  /** How many masks there are of each kind: one, or one for each gate. */
  protected get maskCount(): number {
    return 1;
  }

  /** Runs `body` with masks drawn once, for all steps in it. Masks are drawn whether or not it is training, as in Keras. */
  withMasks<T>(input: Extent, state: Extent, body: () => T): T {
    this.#masks = this.#draw(input, state);
    try {
      return body();
    } finally {
      this.#masks = undefined;
    }
  }

  #draw(input: Extent, state: Extent): DropoutMasks {
    const draw = ({ shape, dtype }: Extent, rate: number): Tensor[] =>
      Array.from({ length: rate === 0 ? 0 : this.maskCount }, () =>
        dropout(literal({ shape, dtype }, 1), rate, { seed: this.seedGenerator }),
      );
    const inputs = draw(input, this.dropout);
    return { inputs, states: draw(state, this.recurrentDropout) };
  }

  /** Keras' gated cells take a rate of 1 for none. */
  protected readonly dropsAll: boolean = false;

  /** What the gates see of the input and of the state: one entry for each, or one for all where they see the same. */
  protected seen(
    input: Tensor,
    state: Tensor,
    training: boolean | undefined,
  ): { readonly inputs: readonly Tensor[]; readonly states: readonly Tensor[] } {
    const masks = this.#masks ?? this.#draw(input, state);
    const drop = (x: Tensor, own: readonly Tensor[], rate: number): Tensor[] =>
      training && rate > 0 && (rate < 1 || this.dropsAll) ? own.map((mask) => multiply(x, mask)) : [x];
    return {
      inputs: drop(input, masks.inputs, this.dropout),
      states: drop(state, masks.states, this.recurrentDropout),
    };
  }

  getInitialState(batchSize: number): States {
    const sizes = typeof this.stateSize === 'number' ? [this.stateSize] : this.stateSize;
    return sizes.map((size) => literal({ shape: [batchSize, size], dtype: this.computeDtype }, 0));
  }
}
