import type { Tensor } from '@ceratops/core';
import { shapeError } from './support.js';

/** @throws SHAPE_MISMATCH where target and output differ in shape. */
export function sameShapes(subject: string, target: Tensor, output: Tensor): void {
  if (target.shape.length === output.shape.length && target.shape.every((size, i) => size === output.shape[i])) return;
  throw shapeError(
    subject,
    'target and output differ in shape',
    `a target like the output: [${output.shape.join(', ')}]`,
    `[${target.shape.join(', ')}]`,
  );
}
