import { type ConvolutionAttributes, type Shape, stridesOf } from '@ceratops/kernel-registry';
import type { Contraction, Dimension } from './contraction.js';

/** True where no padding or dilation of the input is left: what `contractionOfConvolution` takes. Cropping may be. */
export function isUnpadded({ padding, lhsDilation }: ConvolutionAttributes): boolean {
  return padding.every(([low, high]) => low <= 0 && high <= 0) && lhsDilation.every((dilation) => dilation === 1);
}

/**
 * The contraction that an unpadded `convolution` of any layout is: rows are the batch and the output's spatial
 * dimensions, columns the output features, and the window's positions times the input features are contracted. Groups
 * of either kind are batch dimensions.
 */
export function contractionOfConvolution(
  lhs: Shape,
  rhs: Shape,
  result: Shape,
  attributes: ConvolutionAttributes,
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
  let [aOffset, bOffset] = [0, 0];
  attributes.windowStrides.forEach((stride, d) => {
    const inputStride = a[attributes.inputSpatialDimensions[d]!]!;
    const kernelDimension = attributes.kernelSpatialDimensions[d]!;
    const outputDimension = attributes.outputSpatialDimensions[d]!;
    aOffset -= attributes.padding[d]![0] * inputStride;
    m.push({ size: result[outputDimension]!, a: inputStride * stride, b: 0, c: c[outputDimension]! });
    const size = rhs[kernelDimension]!;
    const reversed = attributes.windowReversal[d]!;
    const kernelStride = b[kernelDimension]!;
    if (reversed) bOffset += (size - 1) * kernelStride;
    k.push({
      size,
      a: inputStride * attributes.rhsDilation[d]!,
      b: reversed ? -kernelStride : kernelStride,
      c: 0,
    });
  });
  const n: Dimension[] = [{ size: features, a: 0, b: w.output, c: y.feature }];
  return { batch, m, n, k, aOffset, bOffset, cOffset: 0, swapped: false };
}
