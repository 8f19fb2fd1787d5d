/** convolution as plain loops, where the target's library does not take it. A late part. */

import { type Instruction, sizeOf, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { type Affine, combine } from '../affine.js';
import type { Operand } from '../kernel-builder.js';
import type { LoweringContext } from './context.js';
import { loopSizes, withUnitAxes } from './dimensions.js';
import { multiply, sumOfProducts, zeroOf } from './products.js';
import { lowerReduction } from './reduction.js';
import { allOf, undilated, type ValueEmitter } from './values.js';

export function lowerConvolution(
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'convolution'>,
  first: ValueId,
): void {
  const [input, kernel] = operands as [ValueId, ValueId];
  const { types, sizes } = context.fusion.graph;
  const { dtype, shape } = results[0]!;
  if (sizeOf(shape) === 0) return;
  const inputShape = types[input]!.shape;
  const kernelShape = types[kernel]!.shape;
  const groups = Math.max(attributes.featureGroupCount, attributes.batchGroupCount);
  const features = shape[attributes.outputFeatureDimension]!;
  // The feature axis becomes (group, feature in group), so that neither needs a division.
  const space = shape.flatMap((size, axis) =>
    axis === attributes.outputFeatureDimension ? [groups, features / groups] : [size],
  );
  const window = attributes.kernelSpatialDimensions.map((axis) => kernelShape[axis]!);
  const channels = kernelShape[attributes.kernelInputFeatureDimension]!;
  const folded = [...window, channels];
  const kept = loopSizes(space);
  const parts: ConvolutionParts = { attributes, inputShape, kernelShape, groups, features, channels };
  lowerReduction(context, {
    ...sumOfProducts(dtype, kept, (emitter, index, value) => emitter.store(first, index, value)),
    name: 'convolution',
    reduced: loopSizes(folded),
    empty: sizes[input] === 0 || sizes[kernel] === 0,
    vector: kept.length > 0 ? 'kept' : 'reduced',
    element: (emitter, keptAt, reducedAt) => {
      const { builder } = emitter;
      const outer = withUnitAxes(space, keptAt);
      const inner = withUnitAxes(folded, reducedAt);
      const { inside, inputAt, kernelAt } = convolutionIndices(emitter, parts, outer, inner);
      const product = multiply(emitter, dtype, emitter.load(input, inputAt), emitter.load(kernel, kernelAt));
      return [inside === undefined ? product : builder.select(inside, product, builder.constant(dtype, zeroOf(dtype)))];
    },
  });
}

interface ConvolutionParts {
  readonly attributes: Instruction<'convolution'>['attributes'];
  readonly inputShape: readonly number[];
  readonly kernelShape: readonly number[];
  readonly groups: number;
  readonly features: number;
  readonly channels: number;
}

/** Where one product finds its factors. `outer` has the feature axis split in two, `inner` ends with the channel. */
function convolutionIndices(
  { builder }: ValueEmitter,
  { attributes, inputShape, kernelShape, groups, features, channels }: ConvolutionParts,
  outer: readonly Affine[],
  inner: readonly Affine[],
): { inside: Operand | undefined; inputAt: Affine; kernelAt: Affine } {
  const featureAxis = attributes.outputFeatureDimension;
  const outputAt = (axis: number): Affine => outer[axis < featureAxis ? axis : axis + 1]!;
  const group = outer[featureAxis]!;
  const feature = combine(0, [group, outer[featureAxis + 1]!], [features / groups, 1]);
  const channel = inner.at(-1)!;
  const inputAt = new Array<Affine>(inputShape.length);
  const kernelAt = new Array<Affine>(kernelShape.length);
  const batchSize = inputShape[attributes.inputBatchDimension]! / attributes.batchGroupCount;
  const batchStep = attributes.batchGroupCount > 1 ? batchSize : 0;
  inputAt[attributes.inputBatchDimension] = combine(
    0,
    [outputAt(attributes.outputBatchDimension), group],
    [1, batchStep],
  );
  const channelStep = attributes.featureGroupCount > 1 ? channels : 0;
  inputAt[attributes.inputFeatureDimension] = combine(0, [channel, group], [1, channelStep]);
  kernelAt[attributes.kernelInputFeatureDimension] = channel;
  kernelAt[attributes.kernelOutputFeatureDimension] = feature;
  const conditions = attributes.inputSpatialDimensions.map((axis, s) => {
    const at = inner[s]!;
    const size = kernelShape[attributes.kernelSpatialDimensions[s]!]!;
    kernelAt[attributes.kernelSpatialDimensions[s]!] = attributes.windowReversal[s]
      ? combine(size - 1, [at], [-1])
      : at;
    const scales = [attributes.windowStrides[s]!, attributes.rhsDilation[s]!];
    const position = combine(
      -attributes.padding[s]![0],
      [outputAt(attributes.outputSpatialDimensions[s]!), at],
      scales,
    );
    const part = undilated(builder, position, attributes.lhsDilation[s]!, inputShape[axis]!);
    inputAt[axis] = part.position;
    return part.inside;
  });
  return {
    inside: allOf(builder, conditions),
    inputAt: combine(0, inputAt, stridesOf(inputShape)),
    kernelAt: combine(0, kernelAt, stridesOf(kernelShape)),
  };
}
