/** What `fit`, `evaluate` and `predict` take besides data. */

import type { CallbackLike } from '../callbacks/callback.js';

/** The part of AbortSignal that training looks at. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** 0 silent, 1 a bar, 2 one line an epoch; 'auto' is 1 on a terminal and 2 elsewhere. */
export type Verbose = 0 | 1 | 2 | 'auto';

interface RunOptions {
  /** Samples a step; 32 unless given. Not for datasets, which bring their own batches. */
  readonly batchSize?: number | undefined;
  readonly verbose?: Verbose | undefined;
  /** One callback or several; plain objects with hooks will do. */
  readonly callbacks?: CallbackLike | readonly CallbackLike[] | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

export interface FitOptions extends RunOptions {
  /** How often the data is gone through; 1 unless given. */
  readonly epochs?: number | undefined;
  /** Continue counting here: epochs before it are not run. */
  readonly initialEpoch?: number | undefined;
  /** Whether arrays are gone through in a new order each epoch (true unless given), or only within batches ('batch'). */
  readonly shuffle?: boolean | 'batch' | undefined;
  /** The part of the arrays, from their end, that is held out to validate on. */
  readonly validationSplit?: number | undefined;
  /** What to validate on: [x, y], [x, y, sampleWeight] or a dataset. */
  readonly validationData?: unknown;
  readonly validationSteps?: number | undefined;
  readonly validationBatchSize?: number | undefined;
  /** Validate after every so many epochs, or after the listed ones (counted from 1). */
  readonly validationFreq?: number | readonly number[] | undefined;
  /** Weight of each class of y, 1 for classes that are not named. */
  readonly classWeight?: { readonly [index: number]: number } | undefined;
  /** Weight of each sample, or of each time step of each sample. */
  readonly sampleWeight?: unknown;
  readonly stepsPerEpoch?: number | undefined;
}

export interface EvaluateOptions extends RunOptions {
  readonly sampleWeight?: unknown;
  readonly steps?: number | undefined;
}

export interface PredictOptions extends RunOptions {
  readonly steps?: number | undefined;
}
