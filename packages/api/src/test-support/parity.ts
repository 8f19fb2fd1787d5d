/** Replays a case of tools/goldens/parity.py: the same model, compiled, trained and asked in the same way. */

import { type Tensor, tensor } from '@ceratops/core';
import { EarlyStopping } from '../callbacks/early-stopping.js';
import { clearSession } from '../engine/clear-session.js';
import type { Model } from '../engine/model.js';
import { setRandomSeed } from '../engine/random-state.js';
import type { Config } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { modelFromJson } from '../saving/load-model.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { setTextStream } from '../utils/output.js';

/** How data are made; the rules are those of `array` in parity.py. */
export interface DataRule {
  readonly rule: 'grid' | 'unit' | 'whole' | 'zero_one' | 'one_hot';
  /** Without the batch axis. */
  readonly shape: readonly number[];
  readonly step: number;
  readonly count?: number;
}

type Weights = DataRule | readonly DataRule[];

export interface ParityRun {
  readonly run: 'fit' | 'evaluate' | 'train_on_batch' | 'test_on_batch';
  readonly samples: number;
  readonly options: { readonly sample_weight?: Weights; readonly [name: string]: unknown };
}

/** Names and the values they took, in order. */
export type Results = readonly (readonly [string, readonly number[]])[];

/** float32 as base64, anything else as a list. */
export type Packed = string | readonly number[];

export interface ParityCase {
  readonly name: string;
  readonly seed: number;
  readonly model: Config;
  readonly compile: Config;
  readonly inputs: readonly DataRule[];
  readonly targets: readonly DataRule[];
  /** One output that is no list. */
  readonly single: boolean;
  readonly runs: readonly ParityRun[];
  /** The options of `predict`. */
  readonly predict: object;
  readonly expected: {
    readonly paths: readonly string[];
    readonly initial: readonly Packed[];
    readonly results: readonly Results[];
    readonly predicted: readonly Packed[];
    readonly final: readonly Packed[];
    readonly summary: string;
    /** The learning rate after the runs. */
    readonly rate: number;
  };
}

export interface Replayed {
  readonly paths: readonly string[];
  readonly initial: readonly ArrayLike<number>[];
  readonly results: readonly Results[];
  readonly predicted: readonly ArrayLike<number>[];
  readonly final: readonly ArrayLike<number>[];
  readonly summary: string;
  readonly rate: number;
  readonly config: Config;
}

type AnyModel = Model<never, unknown>;

export function unpack(packed: Packed): ArrayLike<number> {
  return typeof packed === 'string' ? new Float32Array(new Uint8Array(Buffer.from(packed, 'base64')).buffer) : packed;
}

function ruleValues({ rule, step, count = 1 }: DataRule, i: number): number[] {
  if (rule === 'grid') return [((i * step + 13) % 1000) / 500 - 1];
  if (rule === 'unit') return [((i * step + 13) % 1000) / 1000];
  const whole = ((i * step) % 1009) % count;
  return rule === 'one_hot' ? Array.from({ length: count }, (_, k) => (k === whole ? 1 : 0)) : [whole];
}

export function ruledTensor(rule: DataRule, samples: number): Tensor {
  const shape = [samples, ...rule.shape];
  const size = shape.reduce((product, axis) => product * axis, 1);
  const values = Array.from({ length: size }, (_, i) => ruleValues(rule, i)).flat();
  if (rule.rule === 'one_hot') shape.push(rule.count!);
  return tensor(values, { shape, dtype: rule.rule === 'whole' ? 'int32' : 'float32' });
}

function one<T>(items: readonly T[], single: boolean): T | readonly T[] {
  return single ? items[0]! : items;
}

interface Data {
  readonly x: never;
  readonly y: never;
  readonly sampleWeight: unknown;
}

function dataOf({ inputs, targets, single }: ParityCase, samples: number, weights?: Weights): Data {
  const make = (rule: DataRule): Tensor => ruledTensor(rule, samples);
  const sampleWeight = Array.isArray(weights)
    ? (weights as readonly DataRule[]).map(make)
    : weights && make(weights as DataRule);
  return {
    x: one(inputs.map(make), inputs.length === 1) as never,
    y: one(targets.map(make), single) as never,
    sampleWeight,
  };
}

function camelCased(options: object): Record<string, unknown> {
  const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => (value === null ? [] : [[camel(name), value]])),
  );
}

/** The options of `fit` in our names; data and callbacks made. */
function fitOptions(parity: ParityCase, options: ParityRun['options']): Record<string, unknown> {
  const {
    validation_samples: held,
    validation_weighted: weighted,
    early_stopping: stopping,
    ...rest
  } = options as {
    readonly validation_samples?: number;
    readonly validation_weighted?: boolean;
    readonly early_stopping?: object;
  };
  const given = camelCased(rest);
  if (stopping !== undefined) given.callbacks = EarlyStopping(camelCased(stopping));
  if (held !== undefined) {
    const rule: DataRule = { rule: 'unit', shape: [], step: 211 };
    const { x, y, sampleWeight } = dataOf(parity, held, parity.single ? rule : parity.targets.map(() => rule));
    given.validationData = weighted === true ? [x, y, sampleWeight] : [x, y];
  }
  return given;
}

async function perform(model: AnyModel, parity: ParityCase, { run, samples, options }: ParityRun): Promise<Results> {
  const { sample_weight: weights, ...rest } = options;
  const { x, y, sampleWeight } = dataOf(parity, samples, weights);
  if (run === 'fit') {
    const given = { ...fitOptions(parity, rest), sampleWeight, verbose: 0 as const };
    const { history } = await model.fit(x, y, given);
    return Object.entries(history);
  }
  const logs =
    run === 'evaluate'
      ? await model.evaluate(x, y, { ...camelCased(rest), sampleWeight, verbose: 0 })
      : run === 'train_on_batch'
        ? await model.trainOnBatch(x, y, { sampleWeight })
        : await model.testOnBatch(x, y, { sampleWeight });
  return Object.entries(logs).map(([name, value]) => [name, [value]]);
}

async function weightsOf(model: AnyModel): Promise<ArrayLike<number>[]> {
  const arrays: ArrayLike<number>[] = [];
  for (const { value } of model.weights) arrays.push(Array.from(await value.data(), Number));
  return arrays;
}

/** The summary as on a terminal of 80 columns. */
function summaryOf(model: AnyModel): string {
  setTextStream({ write: () => true, columns: 80 });
  const text = model.summary();
  setTextStream(undefined);
  return text;
}

/** Seeds, makes the model and does everything that the case says. */
export async function replay(parity: ParityCase): Promise<Replayed> {
  clearSession();
  setRandomSeed(parity.seed);
  const model = await modelFromJson(JSON.stringify(parity.model));
  await model.compileFromConfig(parity.compile);
  const initial = await weightsOf(model);
  const results: Results[] = [];
  for (const run of parity.runs) results.push(await perform(model, parity, run));
  const outputs = flatten<Tensor>(
    await model.predict(dataOf(parity, 6).x, { ...camelCased(parity.predict), verbose: 0 }),
  );
  const predicted: ArrayLike<number>[] = [];
  for (const output of outputs) predicted.push(Array.from(await output.data(), Number));
  return {
    paths: model.weights.map(({ path }) => path),
    initial,
    results,
    predicted,
    final: await weightsOf(model),
    summary: summaryOf(model),
    rate: Number((await (model.optimizer as Optimizer).learningRate.data())[0]),
    config: JSON.parse(JSON.stringify(serializeKerasObject(model))) as Config,
  };
}
