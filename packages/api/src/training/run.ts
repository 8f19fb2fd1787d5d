/** What `fit`, `evaluate` and `predict` share: verbosity, callbacks, aborting. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { CallbackLike } from '../callbacks/callback.js';
import { CallbackList } from '../callbacks/callback-list.js';
import { ProgressLineLogger } from '../callbacks/progress-line-logger.js';
import type { Model } from '../engine/model.js';
import { show } from '../engine/show.js';
import { isPlainObject } from '../engine/table.js';
import { textStream } from '../utils/output.js';
import { type Checks, checkOptions } from './check-options.js';
import { latePart } from './late-part.js';
import type { AbortSignalLike, Verbose } from './options.js';
import { isDataset } from './read-data.js';

/** Off a terminal there is no bar, only a line an epoch. */
function verbosity(verbose: Verbose): 0 | 1 | 2 {
  if (verbose !== 'auto') return verbose;
  return textStream().isTTY === true ? 1 : 2;
}

export interface RunSettings {
  readonly callbacks: CallbackLike | readonly CallbackLike[] | undefined;
  readonly verbose: Verbose | undefined;
  readonly epochs: number;
  readonly steps: number | undefined;
}

/** The user's callbacks, `extra`, then the progress bar. */
export async function callbacksFor(
  model: Model<never, unknown>,
  settings: RunSettings,
  extra: readonly CallbackLike[] = [],
): Promise<CallbackList> {
  const { callbacks, epochs, steps } = settings;
  const verbose = verbosity(settings.verbose ?? 'auto');
  const isAlone = verbose !== 1 && (callbacks === undefined || callbacks === null);
  const all = isAlone
    ? [...extra, ...(verbose === 2 ? [new ProgressLineLogger()] : [])]
    : (await latePart()).withCallbacks(extra, callbacks, verbose);
  return new CallbackList(all, model, { verbose, epochs, steps });
}

/** @throws ABORTED when the signal has fired. */
export function checkSignal(signal: AbortSignalLike | undefined, what: string): void {
  if (signal?.aborted !== true) return;
  throw new CeratopsError('ABORTED', 'aborted by its signal', { subject: what, cause: signal.reason });
}

/** `(dataset, options)` or `(x, y, options)`. */
export function dataArguments<O extends object>(
  what: string,
  checks: Checks<O>,
  x: unknown,
  rest: readonly unknown[],
): { y: unknown; options: O } {
  const dataset = isDataset(x);
  const [y, given] = dataset ? [undefined, rest[0]] : rest;
  const usage = dataset ? `${what}(dataset, { … }): a dataset brings its own targets` : `${what}(x, y, { … })`;
  if (given === undefined && isPlainObject(y) && isOptions(y, checks)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'options where y goes', {
      subject: what,
      expected: usage,
      received: show(y),
    });
  }
  return { y, options: checkOptions(what, checks, given ?? {}, usage) };
}

function isOptions(value: object, checks: object): boolean {
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => Object.hasOwn(checks, name));
}
