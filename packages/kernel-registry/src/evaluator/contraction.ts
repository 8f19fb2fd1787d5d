/** dot_general and convolution: both are inner products of listed elements, summed exactly or in float64, rounded once. */

import { dtypes, is64BitInteger, isComplex, isFloating } from '../dtype.js';
import type { ConvolutionAttributes } from '../opset.js';
import { type Shape, sizeOf, stridesOf } from '../tensor-type.js';
import type { Context, EvaluateRule } from './context.js';
import { advance, offsetsOf, pick, remainingAxes } from './indexing.js';
import { wrapNumber } from './integer.js';
import { createTensor, type Tensor } from './tensor.js';

/** Writes `Σ lhs[lhsBase + lhsAt[i]] · rhs[rhsBase + rhsAt[i]]` over the first `count` entries. */
type InnerProduct = (
  lhsAt: Int32Array,
  lhsBase: number,
  rhsAt: Int32Array,
  rhsBase: number,
  count: number,
  target: number,
) => void;

function innerProduct(lhs: Tensor, rhs: Tensor, result: Tensor, context: Context): InnerProduct {
  const { dtype } = result.type;
  if (isComplex(dtype)) return complexProduct(lhs, rhs, result, context);
  if (isFloating(dtype)) return floatProduct(lhs, rhs, result, context);
  return is64BitInteger(dtype) ? bigProduct(lhs, rhs, result) : integerProduct(lhs, rhs, result);
}

function floatProduct(lhs: Tensor, rhs: Tensor, result: Tensor, context: Context): InnerProduct {
  const a = lhs.data as Float64Array;
  const b = rhs.data as Float64Array;
  const round = context.round(result.type.dtype);
  return (lhsAt, lhsBase, rhsAt, rhsBase, count, target) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += a[lhsBase + lhsAt[i]!]! * b[rhsBase + rhsAt[i]!]!;
    result.data[target] = round(sum);
  };
}

function complexProduct(lhs: Tensor, rhs: Tensor, result: Tensor, context: Context): InnerProduct {
  const a = lhs.data as Float64Array;
  const b = rhs.data as Float64Array;
  const round = context.round(result.type.dtype);
  return (lhsAt, lhsBase, rhsAt, rhsBase, count, target) => {
    let re = 0;
    let im = 0;
    for (let i = 0; i < count; i++) {
      const l = 2 * (lhsBase + lhsAt[i]!);
      const r = 2 * (rhsBase + rhsAt[i]!);
      re += a[l]! * b[r]! - a[l + 1]! * b[r + 1]!;
      im += a[l]! * b[r + 1]! + a[l + 1]! * b[r]!;
    }
    result.data[2 * target] = round(re);
    result.data[2 * target + 1] = round(im);
  };
}

/** Modulo 2^32, which every narrower wrap agrees with; a bool is "any product is not zero". */
function integerProduct(lhs: Tensor, rhs: Tensor, result: Tensor): InnerProduct {
  const a = lhs.data as Int32Array;
  const b = rhs.data as Int32Array;
  const { kind, bits } = dtypes[result.type.dtype];
  return (lhsAt, lhsBase, rhsAt, rhsBase, count, target) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const product = Math.imul(a[lhsBase + lhsAt[i]!]!, b[rhsBase + rhsAt[i]!]!);
      sum = kind === 'bool' ? sum | product : (sum + product) | 0;
    }
    result.data[target] = wrapNumber(sum, bits, kind === 'int');
  };
}

function bigProduct(lhs: Tensor, rhs: Tensor, result: Tensor): InnerProduct {
  return (lhsAt, lhsBase, rhsAt, rhsBase, count, target) => {
    let sum = 0n;
    for (let i = 0; i < count; i++)
      sum += BigInt(lhs.data[lhsBase + lhsAt[i]!]!) * BigInt(rhs.data[rhsBase + rhsAt[i]!]!);
    // The typed array wraps it to the width and sign of the dtype.
    result.data[target] = sum;
  };
}

export const evaluateDotGeneral: EvaluateRule<'dot_general'> = ({ operands, attributes, results }, context) => {
  const [lhs, rhs] = operands;
  const result = createTensor(results[0]!);
  const multiply = innerProduct(lhs!, rhs!, result, context);
  const offsets = ({ type: { shape } }: Tensor, axes: readonly number[]): Int32Array =>
    offsetsOf(pick(shape, axes), pick(stridesOf(shape), axes));
  const free = ({ type: { shape } }: Tensor, batching: readonly number[], contracting: readonly number[]): number[] =>
    remainingAxes(shape.length, batching, contracting);
  const { lhsBatchingDimensions, rhsBatchingDimensions, lhsContractingDimensions, rhsContractingDimensions } =
    attributes;
  const lhsBatch = offsets(lhs!, lhsBatchingDimensions);
  const rhsBatch = offsets(rhs!, rhsBatchingDimensions);
  const lhsFree = offsets(lhs!, free(lhs!, lhsBatchingDimensions, lhsContractingDimensions));
  const rhsFree = offsets(rhs!, free(rhs!, rhsBatchingDimensions, rhsContractingDimensions));
  const lhsInner = offsets(lhs!, lhsContractingDimensions);
  const rhsInner = offsets(rhs!, rhsContractingDimensions);
  // Result dimensions: batch, free of lhs, free of rhs.
  let target = 0;
  for (let batch = 0; batch < lhsBatch.length; batch++) {
    for (const row of lhsFree) {
      for (const column of rhsFree) {
        multiply(lhsInner, lhsBatch[batch]! + row, rhsInner, rhsBatch[batch]! + column, lhsInner.length, target++);
      }
    }
  }
  return [result];
};

/** The input position under kernel position `tap` of an output position, per axis; undefined in padding or a hole. */
function inputPosition(
  at: number,
  tap: number,
  axis: number,
  size: number,
  window: number,
  attributes: ConvolutionAttributes,
): number | undefined {
  const { windowStrides, padding, lhsDilation, rhsDilation, windowReversal } = attributes;
  const kernel = windowReversal[axis] ? window - 1 - tap : tap;
  const dilated = at * windowStrides[axis]! + kernel * rhsDilation[axis]! - padding[axis]![0];
  if (dilated < 0 || dilated % lhsDilation[axis]! !== 0) return undefined;
  const position = dilated / lhsDilation[axis]!;
  return position < size ? position : undefined;
}

/** For one output position, the pairs (input offset, kernel offset) inside the input; returns how many. */
type Taps = (output: readonly number[], inputAt: Int32Array, kernelAt: Int32Array) => number;

function spatialTaps(inputShape: Shape, kernelShape: Shape, attributes: ConvolutionAttributes): Taps {
  const { inputSpatialDimensions, kernelSpatialDimensions } = attributes;
  const sizes = pick(inputShape, inputSpatialDimensions);
  const strides = pick(stridesOf(inputShape), inputSpatialDimensions);
  const windows = pick(kernelShape, kernelSpatialDimensions);
  const kernelOffsets = offsetsOf(windows, pick(stridesOf(kernelShape), kernelSpatialDimensions));
  return (output, inputAt, kernelAt) => {
    const tap = new Array<number>(windows.length).fill(0);
    let count = 0;
    for (const kernelOffset of kernelOffsets) {
      let offset = 0;
      for (let axis = 0; axis < windows.length && offset >= 0; axis++) {
        const position = inputPosition(output[axis]!, tap[axis]!, axis, sizes[axis]!, windows[axis]!, attributes);
        offset = position === undefined ? -1 : offset + position * strides[axis]!;
      }
      if (offset >= 0) {
        inputAt[count] = offset;
        kernelAt[count++] = kernelOffset;
      }
      advance(tap, windows);
    }
    return count;
  };
}

/** Extends the spatial pairs by every input feature of a group. */
function timesFeatures(at: Int32Array, count: number, features: number, stride: number, into: Int32Array): void {
  for (let feature = 0; feature < features; feature++) {
    for (let i = 0; i < count; i++) into[feature * count + i] = at[i]! + feature * stride;
  }
}

export const evaluateConvolution: EvaluateRule<'convolution'> = ({ operands, attributes, results }, context) => {
  const [lhs, rhs] = operands;
  const input = lhs!.type.shape;
  const kernel = rhs!.type.shape;
  const result = createTensor(results[0]!);
  const output = result.type.shape;
  const [inputStrides, kernelStrides, outputStrides] = [stridesOf(input), stridesOf(kernel), stridesOf(output)];
  const multiply = innerProduct(lhs!, rhs!, result, context);

  const features = kernel[attributes.kernelInputFeatureDimension]!;
  const outputFeatures = kernel[attributes.kernelOutputFeatureDimension]!;
  const batches = output[attributes.outputBatchDimension]!;
  const featuresPerGroup = outputFeatures / attributes.featureGroupCount;
  const featuresPerBatchGroup = outputFeatures / attributes.batchGroupCount;
  const inputBatchStride = inputStrides[attributes.inputBatchDimension]!;
  const inputFeatureStride = inputStrides[attributes.inputFeatureDimension]!;

  const taps = spatialTaps(input, kernel, attributes);
  const windowSize = sizeOf(pick(kernel, attributes.kernelSpatialDimensions));
  const [inputTaps, kernelTaps] = [new Int32Array(windowSize), new Int32Array(windowSize)];
  const [inputAt, kernelAt] = [new Int32Array(windowSize * features), new Int32Array(windowSize * features)];

  const spatial = pick(output, attributes.outputSpatialDimensions);
  const spatialOffsets = offsetsOf(spatial, pick(outputStrides, attributes.outputSpatialDimensions));
  const at = new Array<number>(spatial.length).fill(0);
  for (const spatialOffset of spatialOffsets) {
    const count = taps(at, inputTaps, kernelTaps);
    timesFeatures(inputTaps, count, features, inputFeatureStride, inputAt);
    timesFeatures(kernelTaps, count, features, kernelStrides[attributes.kernelInputFeatureDimension]!, kernelAt);
    for (let batch = 0; batch < batches; batch++) {
      for (let feature = 0; feature < outputFeatures; feature++) {
        const group = Math.floor(feature / featuresPerGroup);
        const batchGroup = Math.floor(feature / featuresPerBatchGroup);
        multiply(
          inputAt,
          (batchGroup * batches + batch) * inputBatchStride + group * features * inputFeatureStride,
          kernelAt,
          feature * kernelStrides[attributes.kernelOutputFeatureDimension]!,
          count * features,
          batch * outputStrides[attributes.outputBatchDimension]! +
            feature * outputStrides[attributes.outputFeatureDimension]! +
            spatialOffset,
        );
      }
    }
    advance(at, spatial);
  }
  return [result];
};
