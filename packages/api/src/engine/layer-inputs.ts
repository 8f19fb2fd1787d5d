/** The steps of a layer call before `call` itself: checking and converting what came in. */

import { asTensor, isTensor, type NestedArray, type Tensor } from '@ceratops/core';
import { convert } from '@ceratops/core/primitives';
import { CeratopsError, type DType, isFloating } from '@ceratops/kernel-registry';
import type { AnyLayer } from './call-context.js';
import { formatShape, isKerasTensor, isTensorOrSymbolic, KerasTensor, type ShapeTree } from './keras-tensor.js';
import { isLayer } from './layer-state.js';
import { maskOf, setMask } from './masks.js';
import { show } from './show.js';
import { isPlainObject } from './table.js';
import { flatten, mapTree } from './tree.js';

/** A call on nothing or on a layer is always a mistake; React's `useState(model)` makes both. */
export function rejectMisuse(layer: AnyLayer, inputs: unknown): void {
  if (inputs !== undefined && inputs !== null && !isLayer(inputs)) return;
  throw withoutTensors(layer, inputs, 'React keeps a layer by useState(() => model) and setModel(() => model)');
}

/** @throws INVALID_ARGUMENT when nothing that came in is a tensor: text, a promise, a record of something else. */
export function requireTensors(layer: AnyLayer, inputs: unknown): void {
  if (!flatten(inputs).some(isTensorOrSymbolic)) throw withoutTensors(layer, inputs);
}

function withoutTensors(layer: AnyLayer, inputs: unknown, remedy?: string): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'called without tensors', {
    subject: `${layer}`,
    expected: 'tensors',
    received: show(inputs),
    remedy,
  });
}

/** Nested numbers are one tensor; nested tensors are a list of tensors. */
function isNumeric(value: unknown): value is NestedArray {
  if (!Array.isArray(value)) return ['number', 'bigint', 'boolean'].includes(typeof value);
  return value.length > 0 && value.every(isNumeric);
}

/** Host arrays become tensors; floats take the layer's compute dtype. Masks stay with their tensors. */
export function convertInputs(inputs: unknown, dtype: DType, autocast: boolean): unknown {
  if (isTensor(inputs)) return cast(inputs, dtype, autocast);
  if (isKerasTensor(inputs)) return castSymbolic(inputs, dtype, autocast);
  if (isNumeric(inputs) || ArrayBuffer.isView(inputs)) return cast(asTensor(inputs as NestedArray), dtype, autocast);
  if (Array.isArray(inputs)) return inputs.map((item) => convertInputs(item, dtype, autocast));
  if (!isPlainObject(inputs)) return inputs;
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, convertInputs(value, dtype, autocast)]));
}

function casts(from: DType, to: DType, autocast: boolean): boolean {
  return autocast && from !== to && isFloating(from) && isFloating(to);
}

function cast(tensor: Tensor, dtype: DType, autocast: boolean): Tensor {
  if (!casts(tensor.dtype, dtype, autocast)) return tensor;
  return withMaskOf(tensor, convert(tensor, dtype));
}

function castSymbolic(tensor: KerasTensor, dtype: DType, autocast: boolean): KerasTensor {
  if (!casts(tensor.dtype, dtype, autocast)) return tensor;
  const converted = new KerasTensor(tensor.shape, dtype, tensor.name);
  converted.history = tensor.history;
  return withMaskOf(tensor, converted);
}

function withMaskOf<T extends Tensor | KerasTensor>(original: Tensor | KerasTensor, converted: T): T {
  const mask = maskOf(original);
  if (mask !== undefined) setMask(converted, mask);
  return converted;
}

/** The shapes of the inputs, for `build`. */
export function shapesOf(inputs: unknown): ShapeTree {
  return mapTree<ShapeTree>(inputs, (leaf) => (isTensor(leaf) || isKerasTensor(leaf) ? leaf.shape : null));
}

/** `float32(None, 3), float32(4,)`. */
export function describeInputs(inputs: unknown): string {
  const leaves = flatten(inputs).filter((leaf) => isTensor(leaf) || isKerasTensor(leaf));
  return leaves.map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`).join(', ');
}
