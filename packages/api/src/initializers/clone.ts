/** Initializers made again, for layers that hand theirs to several weights. */

import type { Config } from '../engine/table.js';
import { type Initializer, InitializerObject, RandomInitializer } from './initializer.js';

function remade(initializer: InitializerObject, changes: object): Initializer {
  const { fromConfig } = initializer.constructor as unknown as { fromConfig(config: Config): Initializer };
  return fromConfig.call(initializer.constructor, { ...initializer.getConfig(), ...changes });
}

/** One of the same settings; where they give no seed it draws another. Functions are what they are. */
export function cloneInitializer(initializer: Initializer): Initializer {
  return initializer instanceof InitializerObject ? remade(initializer, {}) : initializer;
}

/** One that draws the same and, where its spread follows from a weight's inputs and outputs, counts these axes as such. */
export function withFanAxes(
  initializer: Initializer,
  inputs: readonly number[],
  outputs: readonly number[],
): Initializer {
  if (!(initializer instanceof RandomInitializer) || !('input_axes' in initializer.getConfig())) return initializer;
  const { input_axes: ownInputs, output_axes: ownOutputs } = initializer.getConfig();
  if (ownInputs !== null && ownOutputs !== null) return initializer;
  return remade(initializer, { seed: initializer.drawnSeed, input_axes: inputs, output_axes: outputs });
}
