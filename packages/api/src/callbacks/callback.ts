/** What watches training. Any object with some of these hooks will do; hooks may be async and are awaited. */

import type { Logs, Model } from '../engine/model.js';

/** How the run was started. */
export interface CallbackParameters {
  readonly verbose: number;
  readonly epochs: number;
  /** Steps of an epoch, where that is known. */
  readonly steps: number | undefined;
}

type Answer = void | Promise<void>;

/** The hooks. `logs` are the metrics so far. */
export interface CallbackLike {
  setModel?(model: Model<never, unknown>): void;
  setParams?(parameters: CallbackParameters): void;
  onTrainBegin?(logs: Logs): Answer;
  onTrainEnd?(logs: Logs): Answer;
  onEpochBegin?(epoch: number, logs: Logs): Answer;
  onEpochEnd?(epoch: number, logs: Logs): Answer;
  onTrainBatchBegin?(batch: number, logs: Logs): Answer;
  onTrainBatchEnd?(batch: number, logs: Logs): Answer;
  onTestBegin?(logs: Logs): Answer;
  onTestEnd?(logs: Logs): Answer;
  onTestBatchBegin?(batch: number, logs: Logs): Answer;
  onTestBatchEnd?(batch: number, logs: Logs): Answer;
  onPredictBegin?(logs: Logs): Answer;
  onPredictEnd?(logs: Logs): Answer;
  onPredictBatchBegin?(batch: number, logs: Logs): Answer;
  onPredictBatchEnd?(batch: number, logs: Logs): Answer;
  /** Says whether the end of this batch is of interest; when no callback is interested, nothing is read from the device. */
  wantsBatchEnd?(batch: number): boolean;
}

/** A base class for callbacks; knows the model and how it is run. */
export class Callback implements CallbackLike {
  /** Not a field, so that a printed callback does not drag the whole model along. */
  #model: Model<never, unknown> | undefined;
  params: CallbackParameters | undefined;

  /** The model in training. */
  get model(): Model<never, unknown> | undefined {
    return this.#model;
  }

  setModel(model: Model<never, unknown>): void {
    this.#model = model;
  }

  setParams(parameters: CallbackParameters): void {
    this.params = parameters;
  }
}
