/** Stops training when the loss is no number any more. Reads the loss after every batch. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { type Defined, define } from '../engine/define.js';
import type { Logs } from '../engine/model.js';
import { warn } from '../utils/output.js';
import { Callback } from './callback.js';

export interface TerminateOnNaNOptions {
  /** Throw instead of stopping. */
  readonly raiseError?: boolean | undefined;
}

class TerminateOnNaNClass extends Callback {
  readonly #raiseError: boolean;

  constructor({ raiseError = false }: TerminateOnNaNOptions = {}) {
    super();
    this.#raiseError = raiseError;
  }

  onTrainBatchEnd(batch: number, { loss }: Logs): void {
    if (loss === undefined || Number.isFinite(loss)) return;
    if (this.#raiseError) {
      throw new CeratopsError('EXECUTION_FAILED', `the loss is ${loss}`, {
        subject: `batch ${batch}`,
        remedy: 'try a smaller learning rate',
      });
    }
    warn(`batch ${batch}: the loss is ${loss}, training stops`);
    if (this.model !== undefined) this.model.stopTraining = true;
  }
}

export interface TerminateOnNaN extends TerminateOnNaNClass {}

export const TerminateOnNaN: Defined<typeof TerminateOnNaNClass> = /*#__PURE__*/ define(
  'TerminateOnNaN',
  TerminateOnNaNClass,
  {
    module: 'keras.callbacks',
  },
);
