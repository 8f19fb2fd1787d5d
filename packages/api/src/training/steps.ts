/**
 * The three steps of a model: train, test, predict. Each is one traced function, so one program per kind of batch, with
 * weights, optimizer slots, metrics and seeds as its aliased state; nothing is read back.
 */

import { evalShape, jit, type Tensor, tensor } from '@ceratops/core';
import { firstOrderGradients } from '@ceratops/core/first-order';
import { reduceSum, reshape } from '@ceratops/core/primitives';
import { CeratopsError, isFloating } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import type { Model } from '../engine/model.js';
import { add } from '../ops/arithmetic.js';
import { cast } from '../ops/core-ops.js';
import type { Batch, DeviceBatch } from './batches.js';
import type { Compiled } from './compile.js';

type AnyModel = Model<never, unknown>;

export interface Steps {
  /** @throws the failure of this step or of an earlier one, as soon as it is known. */
  train(batch: DeviceBatch): void;
  test(batch: DeviceBatch): void;
  /** True while it is not known how the steps of a run ended; after a run that stopped half-way, too. */
  readonly underWay: boolean;
  /** After the logs have been read. @throws the failure of a step that never ran; its state is as before. */
  settle(): void;
  /** Traces the test step for data of these types, for its errors; nothing runs or changes. */
  check(batch: Batch): void;
}

/** Of a model whose optimizer has been looked up. */
export function makeSteps(model: AnyModel, compiled: Compiled): Steps {
  const train = (batch: DeviceBatch): Tensor[] => trainStep(model, compiled, batch);
  const test = (batch: DeviceBatch): Tensor[] => testStep(model, compiled, batch);
  const check = (batch: Batch): unknown => evalShape(test, { ...batch, size: 1 });
  if (compiled.options.runEagerly === true) return { train, test, check, underWay: false, settle: () => {} };
  let underWay = false;
  let failure: CeratopsError | undefined;
  const tell = (): void => {
    const error = failure;
    failure = undefined;
    if (error !== undefined) throw error;
  };
  const compiledStep = (step: (batch: DeviceBatch) => Tensor[], name: string): ((batch: DeviceBatch) => void) => {
    const launch = jit(step, { name: `${name} of ${model.name}`, onFailure: (error) => (failure ??= error) });
    return (batch) => {
      underWay = true;
      launch(batch);
      tell();
    };
  };
  return {
    train: compiledStep(train, 'train step'),
    test: compiledStep(test, 'test step'),
    check,
    get underWay() {
      return underWay;
    },
    settle() {
      underWay = false;
      tell();
    },
  };
}

function trainStep(model: AnyModel, compiled: Compiled, batch: DeviceBatch): Tensor[] {
  const optimizer = compiled.optimizer!;
  const variables = model.trainableVariables;
  const forward = (): [Tensor, Tensor, unknown] => {
    const yPred = model.invoke(batch.x as never, { training: true });
    const loss = totalLoss(model, compiled, batch, yPred, true);
    return [optimizer.scaleLoss?.(loss) ?? loss, loss, yPred];
  };
  const [[, loss, yPred], gradients] = firstOrderGradients(forward, variables)();
  model.clearLosses();
  optimizer.apply(gradients, variables);
  updateMetrics(compiled, batch, loss, yPred);
  return [];
}

function testStep(model: AnyModel, compiled: Compiled, batch: DeviceBatch): Tensor[] {
  const yPred = model.invoke(batch.x as never, { training: false });
  const loss = totalLoss(model, compiled, batch, yPred, false);
  model.clearLosses();
  updateMetrics(compiled, batch, loss, yPred);
  return [];
}

/** What the model computes as its loss: its own `computeLoss`, or the compiled one. */
function totalLoss(model: AnyModel, compiled: Compiled, batch: DeviceBatch, yPred: unknown, training: boolean): Tensor {
  const compiledLoss = (): Tensor => compiledTotal(model, compiled, batch, yPred, training);
  const { x, y, sampleWeight } = batch;
  return model.computeLoss?.({ x, y, yPred, sampleWeight, training, compiledLoss }) ?? compiledLoss();
}

export function noTargets(model: AnyModel): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'there are no targets', {
    subject: `${model}`,
    expected: 'y, since compile() names a loss',
    received: 'x alone',
  });
}

/** The compiled losses, then what layers and regularizers added. */
function compiledTotal(
  model: AnyModel,
  compiled: Compiled,
  { y, sampleWeight }: DeviceBatch,
  yPred: unknown,
  training: boolean,
): Tensor {
  const losses = model.losses.map(summed);
  if (compiled.loss !== undefined) {
    if (y === undefined) throw noTargets(model);
    const compiledLoss = compiled.loss.total(y, yPred, sampleWeight);
    if (compiledLoss !== undefined) losses.unshift(compiledLoss);
  }
  if (losses.length > 0) return losses.reduce((sum, loss) => add(sum, loss));
  if (!training) return tensor(0, { dtype: floatx() });
  throw new CeratopsError('INVALID_STATE', 'there is no loss to train on', {
    subject: `${model}`,
    remedy: 'call model.compile({ loss: … }), or addLoss in a layer',
  });
}

function summed(loss: Tensor): Tensor {
  const floating = isFloating(loss.dtype) ? loss : cast(loss, floatx());
  return loss.rank === 0 ? floating : reduceSum(reshape(floating, [floating.size]), [0]);
}

function updateMetrics(
  { tracker, metrics }: Compiled,
  { y, sampleWeight, size }: DeviceBatch,
  loss: Tensor,
  yPred: unknown,
): void {
  tracker?.updateState(loss, size);
  if (y !== undefined) metrics?.update(y, yPred, sampleWeight);
}

/** The outputs for a batch of inputs, as one program. */
export function predictStep(model: AnyModel): (x: unknown) => unknown {
  const step = (x: unknown): unknown => model.invoke(x as never, { training: false });
  return jit(step, { name: `prediction of ${model.name}` });
}
