/** A layer call, step by step as Keras' `Layer.__call__`: convert, check, build, run in context, losses, masks, node. */

import { isTensor } from '@ceratops/core';
import { constant, divide } from '@ceratops/core/primitives';
import { CeratopsError, type DType, isFloating } from '@ceratops/kernel-registry';
import { warn } from '../utils/output.js';
import { autocastDtype, withAutocast } from './autocast.js';
import { type AnyLayer, callContext, inCallOf } from './call-context.js';
import { naming } from './call-errors.js';
import { assertCompatible } from './input-spec.js';
import { anySymbolic } from './keras-tensor.js';
import { type CallOptions, Layer } from './layer.js';
import { inScopeOf } from './layer-build.js';
import { describeInputs, rejectMisuse, requireTensors, shapesOf } from './layer-inputs.js';
import { maskOf, masksOf, setMasks } from './masks.js';
import { requireOutputs } from './symbolic.js';
import { flatten } from './tree.js';
import type { RegularizerFunction } from './weight.js';

/** Calls the layer on tensors, or extends the graph when one of the inputs is symbolic. */
export function callLayer(layer: AnyLayer, inputs: unknown, options: CallOptions): unknown {
  rejectMisuse(layer, inputs);
  const tensors = layer.convertInputs(inputs);
  requireTensors(layer, tensors);
  if (layer.inputSpec !== undefined) assertCompatible(`${layer}`, layer.inputSpec, tensors);
  return inScopeOf(layer, () => {
    ensureBuilt(layer, tensors);
    const symbolic = anySymbolic(tensors, options);
    const outputs = run(layer, tensors, options, symbolic);
    if (symbolic) layer.record(inputs, options, outputs);
    return outputs;
  });
}

/** A layer without `build` whose sublayers are not built yet is built by its first call. */
export function isBuiltByCall(layer: AnyLayer): boolean {
  return layer.build === Layer.prototype.build && layer.sublayers().some(({ built }) => !built);
}

function ensureBuilt(layer: AnyLayer, inputs: unknown): void {
  if (layer.built) return;
  if (isBuiltByCall(layer)) layer.$layer.buildShape = shapesOf(inputs);
  else layer.build(shapesOf(inputs));
  if (layer.built && layer.inputSpec !== undefined) assertCompatible(`${layer}`, layer.inputSpec, inputs);
}

function run(layer: AnyLayer, inputs: unknown, options: CallOptions, symbolic: boolean): unknown {
  const context = callContext();
  if (context === undefined) layer.clearLosses();
  else assertOwned(context.layer, layer);
  const training = options.training ?? context?.training;
  const mask = options.mask ?? masksOf(inputs);
  const callOptions = { ...options, training: training ?? false, mask };
  const call = (): unknown => {
    if (symbolic) return layer.computeOutputSpec(inputs, callOptions);
    const result: unknown = layer.call(inputs as never, callOptions);
    requireOutputs(result);
    return result;
  };
  const outputs = naming(
    layer,
    () => describeInputs(inputs),
    () => inCallOf(layer, training, () => withAutocast(autocastOf(layer), call)),
  );
  layer.built = true;
  const { activityRegularizer } = layer;
  if (activityRegularizer !== undefined && !symbolic) addActivityLoss(layer, outputs, activityRegularizer);
  handMaskOn(layer, inputs, mask, outputs);
  return outputs;
}

/** The dtype in which the layer sees its weights, where that is not their own. */
function autocastOf({ autocast, computeDtype, variableDtype }: AnyLayer): DType | undefined {
  if (!autocast || !isFloating(computeDtype)) return undefined;
  return computeDtype !== variableDtype || autocastDtype() !== undefined ? computeDtype : undefined;
}

function addActivityLoss(layer: AnyLayer, outputs: unknown, regularizer: RegularizerFunction): void {
  for (const output of flatten(outputs).filter(isTensor)) {
    const loss = regularizer(output);
    const batch = output.shape[0] ?? 0;
    layer.addLoss(batch === 0 ? loss : divide(loss, constant(batch, { dtype: loss.dtype, shape: loss.shape })));
  }
}

/** Layers are called again for each trace: one warning a layer is enough. */
const endMasks: WeakSet<AnyLayer> = /*#__PURE__*/ new WeakSet();

function handMaskOn(layer: AnyLayer, inputs: unknown, mask: unknown, outputs: unknown): void {
  if (layer.supportsMasking) {
    const open = flatten(outputs).some((output) => maskOf(output) === undefined);
    if (open) setMasks(outputs, layer.computeMask(inputs, mask));
  } else if (!endMasks.has(layer) && flatten(masksOf(inputs)).some((each) => each !== undefined)) {
    endMasks.add(layer);
    warn(`${layer} does not support masks: the mask of its input ends here`);
  }
}

/** What runs inside a layer's `call` must be found among its layers, or it would not be trained or saved. */
function assertOwned(caller: AnyLayer, layer: AnyLayer): void {
  if (caller === layer || caller.owns(layer)) return;
  if (layer.weights.length === 0 && layer.owned().seedGenerators.length === 0) return;
  throw new CeratopsError('INVALID_STATE', `calls ${layer}, which it does not own`, {
    subject: `${caller}`,
    remedy: 'keep it in a field; for a #private one write this.#layer = this.track(…)',
  });
}
