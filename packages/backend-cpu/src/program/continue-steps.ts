import type { SharedSteps } from '../threads/shared-steps.js';
import type { FunctionWriter } from '../wasm/function-writer.js';
import type { ModuleWriter } from '../wasm/module-writer.js';

/**
 * The function that goes on with the steps of `run`, which calls it; `piece` is the one before, or `run` itself. Engines limit the size of a
 * function, and take long for large ones. A late part.
 */
export function continueSteps(
  module: ModuleWriter,
  run: FunctionWriter,
  piece: FunctionWriter,
  shared: SharedSteps | undefined,
): FunctionWriter {
  if (piece !== run) piece.i32(0);
  const next = module.function('steps', [], ['i32']);
  run.call(next.index);
  if (shared === undefined) run.drop();
  else shared.returnFailure(run);
  return next;
}
