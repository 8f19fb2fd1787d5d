/** `evaluate`: loss and metrics on data. */

import type { Logs, Model } from '../../engine/model.js';
import { evaluateChecks } from '../check-options.js';
import { evaluateSource } from '../evaluate-source.js';
import type { EvaluateOptions } from '../options.js';
import { compiledOf, prepare } from '../prepare.js';
import { readSource } from '../read-data.js';
import { callbacksFor, dataArguments } from '../run.js';

type AnyModel = Model<never, unknown>;

export async function evaluate(model: AnyModel, x: unknown, rest: readonly unknown[]): Promise<Logs> {
  const { y, options } = dataArguments<EvaluateOptions>('evaluate', evaluateChecks, x, rest);
  const compiled = compiledOf(model, 'evaluate');
  const source = await readSource(model, x, y, options);
  const steps = await prepare(model, compiled, source.first);
  const settings = {
    callbacks: options.callbacks,
    verbose: options.verbose,
    epochs: 1,
    steps: options.steps ?? source.batches,
  };
  const callbacks = await callbacksFor(model, settings);
  return evaluateSource(model, compiled, steps, source, callbacks, options);
}
