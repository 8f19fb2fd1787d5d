/** The loop over time that recurrent layers share, with the masking rules of Keras on JAX (`keras/src/backend/jax/rnn.py`). */

import type { Tensor } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { flatten, packAs } from '../engine/tree.js';
import { cast, where } from '../ops/common.js';
import { concatenate } from '../ops/concatenate.js';
import { literal } from '../ops/support.js';
import { shapeOfMask } from './mask-shape.js';
import { timeFirst } from './time-first.js';

/** One state, or a list of them, for each cell. */
export type States = readonly (Tensor | readonly Tensor[])[];

/** (slice of the inputs, states) → [output, next states]. */
export type Step = (input: Tensor, states: States) => readonly [Tensor, States];

export interface LoopOptions {
  readonly goBackwards: boolean;
  /** bool [batch, time]; where false, states stay as they are. */
  readonly mask: Tensor | undefined;
  readonly unroll: boolean;
  /** Masked outputs are zeros, not those of the step before. */
  readonly zeroOutputForMask: boolean;
  readonly returnSequences: boolean;
}

export interface LoopResults {
  /** [batch, …]: the output of the step that came last. */
  readonly last: Tensor;
  /** [batch, time, …]; absent unless asked for. In the order of the steps. */
  readonly outputs: Tensor | undefined;
  readonly states: States;
}

/**
 * Runs `step` over axis 1 of `sequences`, [batch, time, …].
 * @throws SHAPE_MISMATCH for a mask that does not have the shape [batch, time]; and for no steps; INVALID_ARGUMENT for a mask
 * that is no tensor.
 */
export function loopOverTime(step: Step, sequences: Tensor, initial: States, options: LoopOptions): LoopResults {
  if (sequences.shape[1] === 0) {
    throw new CeratopsError('SHAPE_MISMATCH', 'the sequences have no steps', {
      expected: 'one step or more',
      received: `[${sequences.shape.join(', ')}]`,
    });
  }
  const inputs = timeFirst(sequences);
  const mask = options.mask === undefined ? undefined : timeMajor(options.mask, sequences);
  return options.unroll
    ? unrolled(step, inputs, mask, initial, options)
    : scanned(step, inputs, mask, initial, options);
}

function timeMajor(mask: Tensor, sequences: Tensor): Tensor {
  const [batch, time] = sequences.shape;
  const shape = shapeOfMask('the mask', mask);
  if (shape.length !== 2 || shape[0] !== batch || shape[1] !== time) {
    throw new CeratopsError('SHAPE_MISMATCH', 'the mask does not fit the sequences', {
      expected: `[${batch}, ${time}]: batch and time`,
      received: `[${shape.join(', ')}]`,
    });
  }
  return timeFirst(cast(mask, 'bool'));
}

function scanned(
  step: Step,
  inputs: Tensor,
  mask: Tensor | undefined,
  initial: States,
  { goBackwards, zeroOutputForMask, returnSequences }: LoopOptions,
): LoopResults {
  const [final, stacks, last] = prim.scan(
    (carries, [input, counts]) => {
      const states = packAs<States>(initial, carries);
      const [output, next] = step(input!, states);
      const [kept, after] =
        counts === undefined
          ? [output, flatten<Tensor>(next)]
          : masked(counts, output, next, states, zeroOutputForMask);
      return returnSequences ? [after, [kept], [kept]] : [after, [], [kept]];
    },
    flatten<Tensor>(initial),
    mask === undefined ? [inputs] : [inputs, mask],
    { reverse: goBackwards },
  );
  const outputs = stacks[0] === undefined || !goBackwards ? stacks[0] : prim.reverse(stacks[0], [0]);
  return {
    last: last[0]!,
    outputs: outputs === undefined ? undefined : timeFirst(outputs),
    states: packAs<States>(initial, final),
  };
}

/** A step's output and states where the mask holds, else those from before; `counts` is bool [batch]. */
function masked(
  counts: Tensor,
  output: Tensor,
  next: States,
  states: States,
  zeroOutputForMask: boolean,
): readonly [Tensor, Tensor[]] {
  const before = flatten<Tensor>(states);
  const fresh = flatten<Tensor>(next);
  const after = fresh.map((state, i) => choose(counts, state, before[i]!));
  if (zeroOutputForMask) return [choose(counts, output, literal(output, 0)), after];
  // The first state is taken for the previous output; of stacked cells that of the last one.
  const previous = isNested(states[0]) ? flatten<Tensor>(states.at(-1))[0]! : before[0]!;
  const same = fresh.indexOf(output);
  return [same >= 0 && before[same] === previous ? after[same]! : choose(counts, output, previous), after];
}

function isNested(state: unknown): boolean {
  return Array.isArray(state);
}

function choose(counts: Tensor, value: Tensor, otherwise: Tensor): Tensor {
  const [batch] = counts.shape;
  return where(prim.reshape(counts, [batch!, ...value.shape.slice(1).map(() => 1)]), value, otherwise);
}

function unrolled(
  step: Step,
  inputs: Tensor,
  mask: Tensor | undefined,
  initial: States,
  { goBackwards }: LoopOptions,
): LoopResults {
  const inOrder = (x: Tensor): Tensor[] => (goBackwards ? slicesOf(x).reverse() : slicesOf(x));
  const counts = mask === undefined ? undefined : inOrder(mask);
  const outputs: Tensor[] = [];
  let states = initial;
  for (const [i, input] of inOrder(inputs).entries()) {
    const [output, next] = step(input, states);
    const before = flatten<Tensor>(states);
    const present = counts?.[i];
    const keep = (value: Tensor, otherwise: Tensor): Tensor =>
      present === undefined ? value : choose(present, value, otherwise);
    outputs.push(keep(output, outputs.at(-1) ?? literal(output, 0)));
    states = packAs<States>(
      initial,
      flatten<Tensor>(next).map((state, k) => keep(state, before[k]!)),
    );
  }
  const rows = outputs.map((output) => prim.reshape(output, [output.shape[0]!, 1, ...output.shape.slice(1)]));
  return { last: outputs.at(-1)!, outputs: concatenate(rows, 1), states };
}

/** What is at each step of [time, …]. */
function slicesOf(x: Tensor): Tensor[] {
  const [time, ...rest] = x.shape;
  const zeros = rest.map(() => 0);
  return Array.from({ length: time! }, (_, i) => prim.reshape(prim.slice(x, [i, ...zeros], [i + 1, ...rest]), rest));
}
