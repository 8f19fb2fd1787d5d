/** The base of the losses: conversion, weights, masks and reduction around `call`. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import type { DType } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { Configurable } from '../engine/configurable.js';
import { classNameOf } from '../engine/define.js';
import { maskOf } from '../engine/masks.js';
import { autoName } from '../engine/naming.js';
import { oneOf, optional, positional, string } from '../engine/rows.js';
import type { AnyTable, Config } from '../engine/table.js';
import { cast, logicalAnd } from '../ops/common.js';
import { type Reduction, reduceWeighted, reductions, toSameRank } from './reduction.js';

export interface LossOptions {
  readonly name?: string | undefined;
  /** `sum_over_batch_size` by default: the mean over all elements. */
  readonly reduction?: Reduction | undefined;
  /** What it computes in; `floatx()` by default. */
  readonly dtype?: DType | undefined;
}

/** Of losses that have no arguments of their own. */
export type LossArguments = [reduction?: Reduction | LossOptions, options?: LossOptions];

/** (yTrue, yPred) → a loss per sample. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Losses are called like functions. */
export interface Loss {
  (yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): Tensor;
  readonly reduction: Reduction;
  readonly dtype: DType;
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signature that Callable makes true
export abstract class Loss extends Configurable {
  declare name: string;

  static override baseTable(): AnyTable {
    return {
      name: string('name'),
      reduction: positional(optional(oneOf('reduction', reductions))),
      dtype: optional(string('dtype')),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.name ??= this.defaultName ?? autoName(classNameOf(this));
    const given = this as { reduction?: Reduction; dtype?: DType };
    given.reduction ??= 'sum_over_batch_size';
    given.dtype ??= floatx();
  }

  /** The name when none is given; made from the class name when undefined. */
  protected get defaultName(): string | undefined {
    return undefined;
  }

  /** The loss per sample. */
  abstract call(yTrue: Tensor, yPred: Tensor): Tensor;

  /** The loss of a batch. */
  override invoke(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): Tensor {
    const { dtype, reduction } = this;
    const predicted = cast(yPred, dtype);
    const losses = this.call(cast(yTrue, dtype), predicted);
    return reduceWeighted(losses, {
      sampleWeight: sampleWeight === undefined || sampleWeight === null ? undefined : asTensor(sampleWeight),
      mask: both(maskOf(yPred) as Tensor | undefined, maskOf(losses) as Tensor | undefined),
      reduction,
      dtype,
    });
  }

  override getConfig(): Config {
    return { name: this.name, reduction: this.reduction, ...super.getConfig() };
  }
}

function both(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return logicalAnd(a, b);
}

/** A loss whose `compute` sees truth and prediction in one rank. */
export abstract class FunctionLoss extends Loss {
  protected abstract compute(yTrue: Tensor, yPred: Tensor): Tensor;

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return this.compute(...toSameRank(yTrue, yPred));
  }
}
