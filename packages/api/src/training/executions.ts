/** Executions: `stepsPerExecution` steps between two calls of a run's batch callbacks, fewer where the data end. */

import type { CallbackList } from '../callbacks/callback-list.js';
import type { Logs } from '../engine/model.js';

/** The steps of the executions that so many steps need: Keras starts no execution that it would have to cut short. */
export function wholeExecutions(steps = Number.POSITIVE_INFINITY, size = 1): number {
  return Math.ceil(steps / size) * size;
}

export class Executions {
  readonly #callbacks: CallbackList;
  readonly #kind: 'Train' | 'Test' | 'Predict';
  readonly #size: number;
  readonly #logs: () => Promise<Logs>;

  constructor(
    callbacks: CallbackList,
    kind: 'Train' | 'Test' | 'Predict',
    size: number | undefined,
    logs: () => Promise<Logs>,
  ) {
    this.#callbacks = callbacks;
    this.#kind = kind;
    this.#size = size ?? 1;
    this.#logs = logs;
  }

  /** Before a step. */
  async begin(step: number): Promise<void> {
    if (step % this.#size === 0) await this.#callbacks.batchBegin(`on${this.#kind}BatchBegin`, step);
  }

  /** After so many steps. */
  async end(steps: number): Promise<void> {
    if (steps % this.#size === 0) await this.#callbacks.batchEnd(`on${this.#kind}BatchEnd`, steps - 1, this.#logs);
  }

  /** After all steps: an execution that the data ended counts as a whole one. */
  async finish(steps: number): Promise<void> {
    if (steps % this.#size !== 0) await this.end(wholeExecutions(steps, this.#size));
  }
}
