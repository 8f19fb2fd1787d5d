/** Batching of convolution: the batch joins the images, the output features, or the groups. */
import type { Emitter, Value } from '../builder.js';
import { convolution as emitConvolution } from '../emit/contraction.js';
import { reshape, transpose } from '../emit/movement.js';
import type { ConvolutionAttributes } from '../opset.js';
import { type Batched, type BatchRule, mapped } from './rule.js';

/** Puts the leading dimension into dimension `axis` of the rest, between `outer` groups and what is in them. */
function fold(emitter: Emitter, value: Value, axis: number, outer: number): Value {
  const [size, ...shape] = value.type.shape as [number, ...number[]];
  const inner = shape[axis]! / outer;
  const split = reshape(emitter, value, [size, ...shape.slice(0, axis), outer, inner, ...shape.slice(axis + 1)]);
  const before = shape.slice(0, axis).map((_, i) => i + 1);
  const after = shape.slice(axis + 1).map((_, i) => axis + 3 + i);
  const moved = transpose(emitter, split, [...before, axis + 1, 0, axis + 2, ...after]);
  return reshape(emitter, moved, [...shape.slice(0, axis), size * shape[axis]!, ...shape.slice(axis + 1)]);
}

/** Takes the batch out of dimension `axis` again, to the front. */
function unfold(emitter: Emitter, value: Value, axis: number, size: number, outer: number): Value {
  const { shape } = value.type;
  const inner = shape[axis]! / size / outer;
  const split = reshape(emitter, value, [...shape.slice(0, axis), outer, size, inner, ...shape.slice(axis + 1)]);
  const before = shape.slice(0, axis).map((_, i) => i);
  const after = shape.slice(axis + 1).map((_, i) => axis + 3 + i);
  const moved = transpose(emitter, split, [axis + 1, ...before, axis, axis + 2, ...after]);
  return reshape(emitter, moved, [size, ...shape.slice(0, axis), outer * inner, ...shape.slice(axis + 1)]);
}

export const convolution: BatchRule<'convolution'> = ({ emitter, attributes: a, operands, size }) => {
  const [lhs, rhs] = operands as [Batched, Batched];
  const run = (x: Value, kernel: Value, changes: Partial<ConvolutionAttributes>): Value =>
    emitConvolution(emitter, x, kernel, { ...a, ...changes });
  if (!rhs.mapped) {
    const x = fold(emitter, lhs.value, a.inputBatchDimension, a.batchGroupCount);
    return mapped([unfold(emitter, run(x, rhs.value, {}), a.outputBatchDimension, size, 1)]);
  }
  const groups = a.featureGroupCount * a.batchGroupCount;
  if (!lhs.mapped) {
    const kernel = fold(emitter, rhs.value, a.kernelOutputFeatureDimension, groups);
    return mapped([unfold(emitter, run(lhs.value, kernel, {}), a.outputFeatureDimension, size, groups)]);
  }
  const kernel = fold(emitter, rhs.value, a.kernelOutputFeatureDimension, 1);
  const result =
    a.batchGroupCount === 1
      ? run(fold(emitter, lhs.value, a.inputFeatureDimension, 1), kernel, {
          featureGroupCount: size * a.featureGroupCount,
        })
      : run(fold(emitter, lhs.value, a.inputBatchDimension, 1), kernel, { batchGroupCount: size * a.batchGroupCount });
  return mapped([unfold(emitter, result, a.outputFeatureDimension, size, 1)]);
};
