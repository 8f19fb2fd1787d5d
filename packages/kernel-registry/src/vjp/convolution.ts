/**
 * Reverse mode of convolution: both gradients are convolutions again. The stride of one becomes the dilation of the
 * other, feature groups become batch groups, and the dimension numbers of input, kernel and output change places.
 */

import type { Emitter, Value } from '../builder.js';
import * as emit from '../emit/index.js';
import { dilatedSize } from '../infer/window.js';
import type { ConvolutionAttributes } from '../opset.js';
import type { Shape } from '../tensor-type.js';
import { bilinear, type VjpRule } from './rule.js';
import { isEmpty, zerosOf } from './support.js';

type Pads = readonly (readonly [number, number])[];

export const convolutionRule: VjpRule<'convolution'> = bilinear(
  ({ emitter, cotangent, operands: [input, kernel], attributes }) =>
    isEmpty(cotangent) || isEmpty(kernel!)
      ? zerosOf(emitter, input!.type)
      : inputGradient(emitter, cotangent, input!, kernel!, attributes),
  ({ emitter, cotangent, operands: [input, kernel], attributes }) =>
    isEmpty(cotangent) || isEmpty(input!)
      ? zerosOf(emitter, kernel!.type)
      : kernelGradient(emitter, cotangent, input!, kernel!, attributes),
);

/** Sizes along the window once input, kernel and output are dilated as in the forward convolution. */
function dilatedSizes(attributes: ConvolutionAttributes, input: Value, kernel: Value, output: Value) {
  const take = (shape: Shape, axes: readonly number[], factors: readonly number[]): number[] =>
    axes.map((axis, i) => dilatedSize(shape[axis]!, factors[i]!));
  return {
    input: take(input.type.shape, attributes.inputSpatialDimensions, attributes.lhsDilation),
    kernel: take(kernel.type.shape, attributes.kernelSpatialDimensions, attributes.rhsDilation),
    output: take(output.type.shape, attributes.outputSpatialDimensions, attributes.windowStrides),
  };
}

/** The cotangent, dilated by the stride, convolved with the turned kernel whose features are exchanged. */
function inputGradient(
  e: Emitter,
  cotangent: Value,
  input: Value,
  kernel: Value,
  attributes: ConvolutionAttributes,
): Value {
  const { featureGroupCount, batchGroupCount, kernelInputFeatureDimension, kernelOutputFeatureDimension } = attributes;
  const groups = Math.max(featureGroupCount, batchGroupCount);
  const sizes = dilatedSizes(attributes, input, kernel, cotangent);
  const padding: Pads = attributes.padding.map(([low], i) => {
    const before = sizes.kernel[i]! - low - 1;
    return [before, sizes.input[i]! + sizes.kernel[i]! - 1 - sizes.output[i]! - before];
  });
  // Groups sit in the kernel's output features; the exchanged kernel needs them there again.
  const regrouped = moveGroups(e, kernel, kernelOutputFeatureDimension, kernelInputFeatureDimension, groups);
  const gradient = emit.convolution(e, cotangent, emit.convert(e, regrouped, cotangent.type.dtype), {
    windowStrides: attributes.lhsDilation,
    padding,
    lhsDilation: attributes.windowStrides,
    rhsDilation: attributes.rhsDilation,
    windowReversal: attributes.windowReversal.map((reversed) => !reversed),
    inputBatchDimension: attributes.outputBatchDimension,
    inputFeatureDimension: attributes.outputFeatureDimension,
    inputSpatialDimensions: attributes.outputSpatialDimensions,
    kernelInputFeatureDimension: kernelOutputFeatureDimension,
    kernelOutputFeatureDimension: kernelInputFeatureDimension,
    kernelSpatialDimensions: attributes.kernelSpatialDimensions,
    outputBatchDimension: attributes.inputBatchDimension,
    outputFeatureDimension: attributes.inputFeatureDimension,
    outputSpatialDimensions: attributes.inputSpatialDimensions,
    featureGroupCount: groups,
    batchGroupCount: 1,
    precision: attributes.precision,
    dtype: cotangent.type.dtype,
  });
  const { inputBatchDimension, inputFeatureDimension } = attributes;
  const ungrouped = moveGroups(e, gradient, inputFeatureDimension, inputBatchDimension, batchGroupCount);
  return emit.convert(e, ungrouped, input.type.dtype);
}

/** The input, its batch and features exchanged, convolved with the cotangent as its kernel. */
function kernelGradient(
  e: Emitter,
  cotangent: Value,
  input: Value,
  kernel: Value,
  attributes: ConvolutionAttributes,
): Value {
  const { featureGroupCount, batchGroupCount, kernelSpatialDimensions } = attributes;
  const sizes = dilatedSizes(attributes, input, kernel, cotangent);
  const padding: Pads = attributes.padding.map(([low], i) => [
    low,
    sizes.output[i]! - sizes.input[i]! + sizes.kernel[i]! - low - 1,
  ]);
  const gradient = emit.convolution(e, emit.convert(e, input, cotangent.type.dtype), cotangent, {
    windowStrides: attributes.rhsDilation,
    padding,
    lhsDilation: attributes.lhsDilation,
    rhsDilation: attributes.windowStrides,
    windowReversal: attributes.windowReversal.map(() => false),
    inputBatchDimension: attributes.inputFeatureDimension,
    inputFeatureDimension: attributes.inputBatchDimension,
    inputSpatialDimensions: attributes.inputSpatialDimensions,
    kernelInputFeatureDimension: attributes.outputBatchDimension,
    kernelOutputFeatureDimension: attributes.outputFeatureDimension,
    kernelSpatialDimensions: attributes.outputSpatialDimensions,
    outputBatchDimension: attributes.kernelInputFeatureDimension,
    outputFeatureDimension: attributes.kernelOutputFeatureDimension,
    outputSpatialDimensions: kernelSpatialDimensions,
    featureGroupCount: batchGroupCount,
    batchGroupCount: featureGroupCount,
    precision: attributes.precision,
    dtype: cotangent.type.dtype,
  });
  const reversed = kernelSpatialDimensions.filter((_, i) => attributes.windowReversal[i]);
  return emit.convert(e, emit.reverse(e, gradient, reversed), kernel.type.dtype);
}

/** Takes the major factor `groups` out of dimension `from` and makes it the major factor of dimension `to`. */
function moveGroups(e: Emitter, value: Value, from: number, to: number, groups: number): Value {
  if (groups === 1) return value;
  const { shape } = value.type;
  const split = shape.flatMap((size, axis) => (axis === from ? [groups, size / groups] : [size]));
  const axes = split.map((_, axis) => axis).filter((axis) => axis !== from);
  const permutation = axes.flatMap((axis, index) => (index === to ? [from, axis] : [axis]));
  const merged = shape.map((size, axis) => {
    if (axis === from) return size / groups;
    return axis === to ? size * groups : size;
  });
  return emit.reshape(e, emit.transpose(e, emit.reshape(e, value, split), permutation), merged);
}
