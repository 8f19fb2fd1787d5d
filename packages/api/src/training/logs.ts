/** Reading metrics: the only reads of a training loop, done when somebody wants to see them. */

import type { Tensor } from '@ceratops/core';
import { isTensor } from '@ceratops/core';
import type { Logs, Model } from '../engine/model.js';
import type { Compiled } from './compile.js';
import type { MetricLike } from './contracts.js';

type AnyModel = Model<never, unknown>;
type Result = Tensor | { readonly [name: string]: Tensor };

/** @throws when a step failed. All results so far: loss, metrics of compile, losses of single outputs, metrics of layers. */
export async function readLogs(
  model: AnyModel,
  { tracker, metrics, loss, steps }: Compiled,
): Promise<Record<string, number>> {
  const results: Record<string, Result> = {};
  const put = (list: readonly MetricLike[]): void => {
    for (const metric of list) results[metric.name] = metric.result();
  };
  if (tracker !== undefined) put([tracker]);
  Object.assign(results, metrics?.results());
  put(loss?.metrics ?? []);
  put(model.metrics as unknown as readonly MetricLike[]);
  const flat = Object.entries(results).flatMap(([name, result]): (readonly [string, Tensor])[] => {
    return isTensor(result) ? [[name, result]] : Object.entries(result);
  });
  try {
    return Object.fromEntries(await Promise.all(flat.map(async ([name, result]) => [name, await read(result)])));
  } finally {
    steps?.settle();
  }
}

async function read(result: Tensor): Promise<number> {
  return result.size === 1 ? Number(await result.item()) : ((await result.array()) as unknown as number);
}

/** In alphabetical order, as Keras hands logs to callbacks. */
export function sortedLogs(logs: Logs): Record<string, number> {
  return Object.fromEntries(Object.entries(logs).sort(([a], [b]) => (a < b ? -1 : 1)));
}
