/** What a file says of `compile`. */

import type { Config, Json } from '../../engine/table.js';
import { type CustomObjects, withCustomObjects } from '../../saving/custom-objects.js';
import { reviveCustom } from '../../saving/deserialize.js';
import type { CompileOptions } from '../compile.js';

/** Options from a file; what is made of custom objects is revived, the rest stays config until it is needed. */
export function compileOptionsFromConfig(config: Config, objects: CustomObjects): CompileOptions {
  const { optimizer, loss, loss_weights, metrics, weighted_metrics, run_eagerly, steps_per_execution } = config;
  const read = (json: Json | undefined): unknown =>
    withCustomObjects(objects, () => reviveCustom(json ?? null)) ?? undefined;
  const options: { [K in keyof CompileOptions]: unknown } = {
    optimizer: read(optimizer),
    loss: read(loss),
    lossWeights: loss_weights ?? undefined,
    metrics: read(metrics),
    weightedMetrics: read(weighted_metrics),
    runEagerly: run_eagerly ?? undefined,
    stepsPerExecution: steps_per_execution ?? undefined,
  };
  return options as CompileOptions;
}
