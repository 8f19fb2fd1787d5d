/** `keras.random`: the draws that Keras makes on JAX for the same seed. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import * as draws from '@ceratops/core/random';
import type { DType, Shape } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { drawSeed, type SeedGenerator } from '../engine/seed-generator.js';
import { literal, scalar, shapeError } from '../ops/support.js';

export interface RandomOptions {
  /** An integer for the same values at each call, a generator for new ones; the global generator when absent. */
  readonly seed?: number | SeedGenerator | undefined;
  readonly dtype?: DType | undefined;
}

export interface NormalOptions extends RandomOptions {
  readonly mean?: number | undefined;
  readonly stddev?: number | undefined;
}

function scaled(sample: Tensor, { mean = 0, stddev = 1 }: NormalOptions): Tensor {
  return prim.add(prim.multiply(sample, literal(sample, stddev)), literal(sample, mean));
}

/** Normally distributed values. */
export function normal(shape: Shape, options: NormalOptions = {}): Tensor {
  return scaled(draws.normal(drawSeed(options.seed), shape, { dtype: options.dtype ?? floatx() }), options);
}

/** Normally distributed values, redrawn outside two standard deviations. */
export function truncatedNormal(shape: Shape, options: NormalOptions = {}): Tensor {
  return scaled(
    draws.truncatedNormal(drawSeed(options.seed), shape, { lower: -2, upper: 2, dtype: options.dtype ?? floatx() }),
    options,
  );
}

/** Values uniform in [minval, maxval). */
export function uniform(shape: Shape, minval = 0, maxval = 1, options: RandomOptions = {}): Tensor {
  return draws.uniform(drawSeed(options.seed), shape, { min: minval, max: maxval, dtype: options.dtype ?? floatx() });
}

/** Integers uniform in [minval, maxval), int32 unless said otherwise. */
export function randint(shape: Shape, minval: number, maxval: number, options: RandomOptions = {}): Tensor {
  return draws.randint(drawSeed(options.seed), shape, { min: minval, max: maxval, dtype: options.dtype ?? 'int32' });
}

/** `count` class indices per row of unnormalised log-probabilities. */
export function categorical(logits: TensorLike, count: number, options: RandomOptions = {}): Tensor {
  const rows = asTensor(logits);
  if (rows.shape.length !== 2)
    throw shapeError('categorical', 'the logits have the wrong rank', 'rank 2', `rank ${rows.shape.length}`);
  const [batch, classes] = rows.shape as readonly [number, number];
  const column = prim.reshape(rows, [batch, classes, 1]);
  const drawn = draws.categorical(drawSeed(options.seed), column, { axis: 1, shape: [batch, count] });
  return prim.convert(drawn, options.dtype ?? 'int32');
}

export interface DropoutOptions {
  readonly seed?: number | SeedGenerator | undefined;
  /** Shape of the mask; null takes the input's size, 1 shares the choice along an axis. */
  readonly noiseShape?: readonly (number | null)[] | undefined;
}

/** Elements set to 0 with probability `rate`; the others divided by 1 - rate. */
export function dropout(inputs: TensorLike, rate: number, { seed, noiseShape }: DropoutOptions = {}): Tensor {
  const x = asTensor(inputs);
  if (rate === 0) return x;
  if (rate === 1) return literal(x, 0);
  const keep = 1 - rate;
  const shape = noiseShape === undefined ? x.shape : noiseShape.map((size, axis) => size ?? x.shape[axis]!);
  const mask = prim.broadcastTo(draws.bernoulli(drawSeed(seed), keep, shape), x.shape);
  return prim.select(mask, prim.divide(x, prim.broadcastTo(scalar(keep, x.dtype), x.shape)), literal(x, 0));
}

export interface ShuffleOptions {
  readonly seed?: number | SeedGenerator | undefined;
  readonly axis?: number | undefined;
}

/** Elements in random order along an axis (0), each line along it on its own. */
export function shuffle(x: TensorLike, { seed, axis = 0 }: ShuffleOptions = {}): Tensor {
  return draws.shuffle(drawSeed(seed), asTensor(x), axis);
}
