/** The callbacks that a run was given, checked, and the progress bar. */

import { CeratopsError, nearest } from '@ceratops/kernel-registry';
import type { CallbackLike } from '../../callbacks/callback.js';
import { ProgressBarLogger } from '../../callbacks/progress-bar-logger.js';
import { ProgressLineLogger } from '../../callbacks/progress-line-logger.js';
import { isDefinedClass } from '../../engine/define.js';
import { show } from '../../engine/show.js';

/** The user's callbacks, `extra`, then a progress bar or line where there should be one and is none yet. */
export function withCallbacks(
  extra: readonly CallbackLike[],
  given: CallbackLike | readonly CallbackLike[] | null | undefined,
  verbose: 0 | 1 | 2,
): CallbackLike[] {
  const callbacks = [...listed(given), ...extra];
  if (verbose === 0 || callbacks.some((callback) => callback instanceof ProgressLineLogger)) return callbacks;
  return [...callbacks, verbose === 1 ? new ProgressBarLogger() : new ProgressLineLogger()];
}

/** @throws INVALID_ARGUMENT for what is no callback, or has a hook that there is not. */
function listed(callbacks: CallbackLike | readonly CallbackLike[] | null | undefined): CallbackLike[] {
  const list = Array.isArray(callbacks) ? (callbacks as readonly CallbackLike[]) : [callbacks as CallbackLike];
  const given = list.filter((callback) => callback !== undefined && callback !== null);
  given.forEach(check);
  return given;
}

const watched = ['Epoch', 'Train', 'TrainBatch', 'Test', 'TestBatch', 'Predict', 'PredictBatch'];

function check(callback: unknown): void {
  if (typeof callback !== 'object' || callback === null) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad callback', {
      subject: 'callbacks',
      expected: 'objects with hooks, as in { onEpochEnd(epoch, logs) { … } }',
      received: isDefinedClass(callback) ? `the class ${callback.name}` : show(callback),
      remedy: isDefinedClass(callback) ? `write ${callback.name}()` : undefined,
    });
  }
  const hooks = watched.flatMap((what) => [`on${what}Begin`, `on${what}End`]);
  for (const name of namesOf(callback)) {
    const [near] = /^on[A-Z_]/.test(name) && !hooks.includes(name) ? nearest(name, hooks, 1) : [];
    if (near === undefined) continue;
    throw new CeratopsError('INVALID_ARGUMENT', `there is no hook '${name}'`, {
      subject: 'callbacks',
      remedy: `did you mean '${near}'?`,
    });
  }
}

/** Own and inherited names, without those of every object. */
function* namesOf(value: object): Generator<string> {
  for (let level: object = value; level !== Object.prototype && level !== null; level = Object.getPrototypeOf(level)) {
    yield* Object.getOwnPropertyNames(level);
  }
}
