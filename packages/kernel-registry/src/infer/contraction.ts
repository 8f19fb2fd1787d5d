/** Type rules of dot_general and convolution. */

import { type DType, type DTypeKind, dtypes } from '../dtype.js';
import type { ConvolutionAttributes } from '../opset.js';
import { formatType, type Shape, type TensorType } from '../tensor-type.js';
import {
  argumentError,
  checkCount,
  checkDimensions,
  checkPerDimension,
  checkSameDType,
  fail,
  formatTypes,
  type InferRule,
  shapeError,
} from './rule.js';
import { checkPadding, windowedSize } from './window.js';

/** Kinds that may accumulate products of a kind; the width is free. */
const resultKinds: Readonly<Record<DTypeKind, readonly DTypeKind[]>> = {
  bool: ['bool', 'int', 'uint'],
  int: ['int'],
  uint: ['uint', 'int'],
  float: ['float'],
  complex: ['complex'],
};

function checkResultDType(op: string, operand: DType, result: DType): void {
  const allowed = resultKinds[dtypes[operand].kind];
  if (!Object.hasOwn(dtypes, result) || !allowed.includes(dtypes[result].kind)) {
    fail('DTYPE_MISMATCH', op, `products of ${operand} have another kind`, allowed.join(' or '), `${result}`);
  }
}

const dotGeneral: InferRule<'dot_general'> = (operands, attributes) => {
  const op = 'dot_general';
  checkCount(op, operands, 2);
  checkSameDType(op, operands);
  const lhs = operands[0]!;
  const rhs = operands[1]!;
  const lhsBatching = attributes.lhsBatchingDimensions;
  const rhsBatching = attributes.rhsBatchingDimensions;
  const lhsContracting = attributes.lhsContractingDimensions;
  const rhsContracting = attributes.rhsContractingDimensions;
  checkDimensions(op, 'lhs batching and contracting dimensions', [...lhsBatching, ...lhsContracting], lhs.shape.length);
  checkDimensions(op, 'rhs batching and contracting dimensions', [...rhsBatching, ...rhsContracting], rhs.shape.length);
  checkPairs(operands, 'batching dimensions', lhsBatching, rhsBatching);
  checkPairs(operands, 'contracting dimensions', lhsContracting, rhsContracting);
  checkResultDType(op, lhs.dtype, attributes.dtype);
  const free = (shape: Shape, batching: readonly number[], contracting: readonly number[]): number[] =>
    shape.filter((_, axis) => !batching.includes(axis) && !contracting.includes(axis));
  const shape = [
    ...lhsBatching.map((axis) => lhs.shape[axis]!),
    ...free(lhs.shape, lhsBatching, lhsContracting),
    ...free(rhs.shape, rhsBatching, rhsContracting),
  ];
  return [{ dtype: attributes.dtype, shape }];
};

function checkPairs(
  operands: readonly TensorType[],
  name: string,
  left: readonly number[],
  right: readonly number[],
): void {
  const lhs = operands[0]!.shape;
  const rhs = operands[1]!.shape;
  if (left.length !== right.length || left.some((axis, i) => lhs[axis] !== rhs[right[i]!])) {
    const received = `${formatTypes(operands)} over [${left.join(',')}] and [${right.join(',')}]`;
    shapeError('dot_general', `${name} do not fit`, 'equal sizes', received);
  }
}

const convolution: InferRule<'convolution'> = (operands, attributes) => {
  const op = 'convolution';
  checkCount(op, operands, 2);
  checkSameDType(op, operands);
  const lhs = operands[0]!;
  const rhs = operands[1]!;
  checkLayout(op, lhs, rhs, attributes);
  checkGroups(op, lhs, rhs, attributes);
  checkResultDType(op, lhs.dtype, attributes.dtype);
  const spatial = attributes.inputSpatialDimensions.length;
  checkPerDimension(op, 'windowStrides', attributes.windowStrides, spatial, 1);
  checkPerDimension(op, 'lhsDilation', attributes.lhsDilation, spatial, 1);
  checkPerDimension(op, 'rhsDilation', attributes.rhsDilation, spatial, 1);
  checkPadding(op, attributes.padding, spatial);
  if (attributes.windowReversal.length !== spatial) {
    argumentError(
      op,
      'windowReversal has the wrong length',
      `${spatial} entries`,
      `${attributes.windowReversal.length}`,
    );
  }
  const shape = new Array<number>(lhs.shape.length);
  shape[attributes.outputBatchDimension] = lhs.shape[attributes.inputBatchDimension]! / attributes.batchGroupCount;
  shape[attributes.outputFeatureDimension] = rhs.shape[attributes.kernelOutputFeatureDimension]!;
  attributes.outputSpatialDimensions.forEach((axis, i) => {
    shape[axis] = windowedSize({
      size: lhs.shape[attributes.inputSpatialDimensions[i]!]!,
      window: rhs.shape[attributes.kernelSpatialDimensions[i]!]!,
      stride: attributes.windowStrides[i]!,
      padding: attributes.padding[i]!,
      baseDilation: attributes.lhsDilation[i]!,
      windowDilation: attributes.rhsDilation[i]!,
    });
  });
  return [{ dtype: attributes.dtype, shape }];
};

/** Each of the three layouts names every dimension once. */
function checkLayout(op: string, lhs: TensorType, rhs: TensorType, a: ConvolutionAttributes): void {
  const rank = lhs.shape.length;
  if (rhs.shape.length !== rank || rank < 2) {
    shapeError(op, 'ranks do not fit', 'an input and a kernel of one rank, at least 2', formatTypes([lhs, rhs]));
  }
  const layouts: readonly [string, readonly number[]][] = [
    ['input dimensions', [a.inputBatchDimension, a.inputFeatureDimension, ...a.inputSpatialDimensions]],
    [
      'kernel dimensions',
      [a.kernelInputFeatureDimension, a.kernelOutputFeatureDimension, ...a.kernelSpatialDimensions],
    ],
    ['output dimensions', [a.outputBatchDimension, a.outputFeatureDimension, ...a.outputSpatialDimensions]],
  ];
  for (const [name, dimensions] of layouts) {
    checkPerDimension(op, name, dimensions, rank);
    checkDimensions(op, name, dimensions, rank);
  }
}

function checkGroups(op: string, lhs: TensorType, rhs: TensorType, a: ConvolutionAttributes): void {
  const { featureGroupCount, batchGroupCount } = a;
  checkPerDimension(op, 'group counts', [featureGroupCount, batchGroupCount], 2, 1);
  if (featureGroupCount > 1 && batchGroupCount > 1) {
    argumentError(
      op,
      'both kinds of groups',
      'one of the group counts to be 1',
      `${featureGroupCount}, ${batchGroupCount}`,
    );
  }
  const batch = lhs.shape[a.inputBatchDimension]!;
  const features = lhs.shape[a.inputFeatureDimension]!;
  const kernelIn = rhs.shape[a.kernelInputFeatureDimension]!;
  const kernelOut = rhs.shape[a.kernelOutputFeatureDimension]!;
  const counts = `featureGroupCount ${featureGroupCount}, batchGroupCount ${batchGroupCount}`;
  const received = `${formatType(lhs)} and kernel ${formatType(rhs)} with ${counts}`;
  if (kernelIn * featureGroupCount !== features) {
    const expected = `kernel input features × featureGroupCount = ${features}`;
    shapeError(op, 'input features do not fit the kernel', expected, received);
  }
  if (kernelOut % featureGroupCount !== 0 || kernelOut % batchGroupCount !== 0) {
    shapeError(op, 'output features do not divide into groups', `a divisor of ${kernelOut}`, received);
  }
  if (batch % batchGroupCount !== 0) {
    shapeError(op, 'batch does not divide into groups', `a divisor of ${batch}`, received);
  }
}

export const contractionInfer: {
  readonly dot_general: InferRule<'dot_general'>;
  readonly convolution: InferRule<'convolution'>;
} = { dot_general: dotGeneral, convolution };
