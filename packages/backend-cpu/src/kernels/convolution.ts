import { type ConvolutionAttributes, type Shape, stridesOf } from '@ceratops/kernel-registry';
import type { Contraction, Dimension } from './contraction.js';
import type { Phase } from './spatial.js';

/** True where no padding or dilation of the input is left: what `contractionOfConvolution` takes. Cropping may be. */
export function isUnpadded({ padding, lhsDilation }: ConvolutionAttributes): boolean {
  return padding.every(([low, high]) => low <= 0 && high <= 0) && lhsDilation.every((dilation) => dilation === 1);
}

/** The one phase of a dimension whose input is neither padded nor dilated. */
function wholeDimension(
  { windowStrides, rhsDilation, padding }: ConvolutionAttributes,
  d: number,
  taps: number,
  count: number,
): Phase {
  return {
    ...{ first: 0, step: 1, count, tap: 0, tapStep: 1, taps },
    ...{ at: -padding[d]![0], stride: windowStrides[d]!, dilation: rhsDilation[d]! },
  };
}

/**
 * The contraction that an unpadded `convolution` of any layout is: rows are the batch and the output's spatial
 * dimensions, columns the output features, and the window's positions times the input features are contracted. Groups
 * of either kind are batch dimensions.
 * @param phases of the spatial dimensions, where only some outputs are wanted.
 */
export function contractionOfConvolution(
  lhs: Shape,
  rhs: Shape,
  result: Shape,
  attributes: ConvolutionAttributes,
  phases?: readonly Phase[],
): Contraction {
  const [a, b, c] = [stridesOf(lhs), stridesOf(rhs), stridesOf(result)];
  const { featureGroupCount, batchGroupCount } = attributes;
  const x = { batch: a[attributes.inputBatchDimension]!, feature: a[attributes.inputFeatureDimension]! };
  const w = { input: b[attributes.kernelInputFeatureDimension]!, output: b[attributes.kernelOutputFeatureDimension]! };
  const y = { batch: c[attributes.outputBatchDimension]!, feature: c[attributes.outputFeatureDimension]! };
  const features = rhs[attributes.kernelOutputFeatureDimension]! / featureGroupCount / batchGroupCount;
  const inputs = rhs[attributes.kernelInputFeatureDimension]!;
  const samples = lhs[attributes.inputBatchDimension]! / batchGroupCount;
  const batch: Dimension[] = [
    { size: featureGroupCount, a: x.feature * inputs, b: w.output * features, c: y.feature * features },
    { size: batchGroupCount, a: x.batch * samples, b: w.output * features, c: y.feature * features },
  ];
  const m: Dimension[] = [{ size: samples, a: x.batch, b: 0, c: y.batch }];
  const k: Dimension[] = [{ size: inputs, a: x.feature, b: w.input, c: 0 }];
  let [aOffset, bOffset, cOffset] = [0, 0, 0];
  attributes.inputSpatialDimensions.forEach((inputDimension, d) => {
    const inputStride = a[inputDimension]!;
    const kernelDimension = attributes.kernelSpatialDimensions[d]!;
    const outputDimension = attributes.outputSpatialDimensions[d]!;
    const [kernelStride, outputStride] = [b[kernelDimension]!, c[outputDimension]!];
    const size = rhs[kernelDimension]!;
    const phase = phases?.[d] ?? wholeDimension(attributes, d, size, result[outputDimension]!);
    const reversed = attributes.windowReversal[d]!;
    aOffset += phase.at * inputStride;
    bOffset += (reversed ? size - 1 - phase.tap : phase.tap) * kernelStride;
    cOffset += phase.first * outputStride;
    m.push({ size: phase.count, a: inputStride * phase.stride, b: 0, c: outputStride * phase.step });
    const tapStride = kernelStride * phase.tapStep;
    k.push({ size: phase.taps, a: inputStride * phase.dilation, b: reversed ? -tapStride : tapStride, c: 0 });
  });
  const n: Dimension[] = [{ size: features, a: 0, b: w.output, c: y.feature }];
  return { batch, m, n, k, aOffset, bOffset, cOffset, swapped: false };
}
