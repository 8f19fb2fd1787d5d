/** The options of `compile`, `fit`, `evaluate` and `predict`: names and values, checked before anything else happens. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { show } from '../engine/show.js';
import { isPlainObject, unknownOption } from '../engine/table.js';
import type { CompileOptions } from './compile.js';
import type { EvaluateOptions, FitOptions, PredictOptions } from './options.js';

/** What a value must be, in words and in code; values without a check are looked at where they are used. */
type Check = readonly [expected: string, accepts: (value: unknown) => boolean];

/** A total table over an options interface. */
export type Checks<Options> = { readonly [K in keyof Options]-?: Check | undefined };

const atLeast = (min: number): ((value: unknown) => boolean) => {
  return (value) => Number.isInteger(value) && (value as number) >= min;
};
const positive: Check = ['a positive integer', atLeast(1)];
const count: Check = ['an integer ≥ 0', atLeast(0)];
const flag: Check = ['true or false', (value) => typeof value === 'boolean'];

const run = {
  batchSize: positive,
  verbose: ["0, 1, 2 or 'auto'", (value) => [0, 1, 2, 'auto'].includes(value as number)],
  callbacks: undefined,
  signal: [
    'an AbortSignal: controller.signal',
    (value) => typeof (value as { aborted?: unknown }).aborted === 'boolean',
  ],
} satisfies { [name: string]: Check | undefined };

export const predictChecks: Checks<PredictOptions> = { ...run, steps: positive };

export const evaluateChecks: Checks<EvaluateOptions> = { ...predictChecks, sampleWeight: undefined };

export const fitChecks: Checks<FitOptions> = {
  ...run,
  epochs: positive,
  initialEpoch: count,
  shuffle: ["true, false or 'batch'", (value) => typeof value === 'boolean' || value === 'batch'],
  validationSplit: [
    'a fraction, 0 ≤ validationSplit < 1',
    (value) => typeof value === 'number' && value >= 0 && value < 1,
  ],
  validationData: undefined,
  validationSteps: positive,
  validationBatchSize: positive,
  validationFreq: [
    'a positive integer or a list of epochs',
    (value) => (Array.isArray(value) ? value.every(atLeast(1)) : atLeast(1)(value)),
  ],
  classWeight: ['weights by class index, as in { 0: 1, 1: 5 }', isClassWeight],
  sampleWeight: undefined,
  stepsPerEpoch: positive,
};

export const compileChecks: Checks<CompileOptions> = {
  optimizer: undefined,
  loss: undefined,
  lossWeights: undefined,
  metrics: undefined,
  weightedMetrics: undefined,
  runEagerly: flag,
  stepsPerExecution: positive,
  autoScaleLoss: flag,
};

function isClassWeight(value: unknown): boolean {
  if (!isPlainObject(value) && !Array.isArray(value)) return false;
  return Object.entries(value).every(([key, weight]) => atLeast(0)(Number(key)) && Number.isFinite(weight));
}

/**
 * @param usage how the call should look.
 * @throws INVALID_ARGUMENT for what is no record, for names that there are not, with the near ones, and for bad values.
 */
export function checkOptions<O extends object>(subject: string, checks: Checks<O>, options: unknown, usage: string): O {
  const refuse = (problem: string, expected: string, received: unknown): never => {
    throw new CeratopsError('INVALID_ARGUMENT', problem, { subject, expected, received: show(received) });
  };
  if (!isPlainObject(options)) return refuse('bad options', usage, options);
  const known: { readonly [name: string]: Check | undefined } = checks;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) throw unknownOption(subject, name, Object.keys(known));
    const check = known[name];
    if (value !== undefined && value !== null && check?.[1](value) === false) refuse(`bad ${name}`, check[0], value);
  }
  return options as O;
}
