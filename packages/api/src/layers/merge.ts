/** What the merging layers share: several inputs of one batch, broadcast against each other. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { formatShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { logicalOr, reshape } from '../ops/common.js';

type Shapes = readonly SymbolicShape[];

/** Shapes of merged inputs, without the batch. */
function mergeShapes(layer: string, shapes: Shapes): (number | null)[] {
  return shapes.slice(1).reduce<(number | null)[]>(
    (merged, shape) => {
      const rank = Math.max(merged.length, shape.length - 1);
      return Array.from({ length: rank }, (_, i) => {
        const [a, b] = [merged.at(i - rank), shape.slice(1).at(i - rank)];
        if (a === undefined || a === 1) return b === undefined ? a! : b;
        if (b === undefined || b === 1) return a;
        if (a === null || b === null) return null;
        if (a === b) return a;
        throw mismatch(layer, 'the inputs do not broadcast', shapes, 'equal sizes or 1, aligned at the end');
      });
    },
    [...shapes[0]!.slice(1)],
  );
}

export function mismatch(layer: string, problem: string, shapes: Shapes, expected: string): CeratopsError {
  return new CeratopsError('SHAPE_MISMATCH', problem, {
    subject: layer,
    expected,
    received: shapes.map(formatShape).join(' and '),
  });
}

/** @throws SHAPE_MISMATCH unless the inputs are a list of tensors. */
export function checkList(layer: string, shapes: unknown): asserts shapes is Shapes {
  if (Array.isArray(shapes) && shapes.length > 0 && shapes.every(Array.isArray)) return;
  throw new CeratopsError('SHAPE_MISMATCH', 'not a list of tensors', {
    subject: layer,
    expected: 'a list of tensors, as in Add()([a, b])',
    received: Array.isArray(shapes) ? 'one tensor' : 'a record',
  });
}

export type MaskList = readonly (Tensor | undefined)[] | undefined;

export abstract class Merge extends Layer<readonly Tensor[], Tensor> {
  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  protected abstract merge(inputs: readonly Tensor[], masks: MaskList): Tensor;

  override build(shapes: Shapes): void {
    checkList(`${this}`, shapes);
    const batches = new Set(shapes.map(([batch]) => batch).filter((batch) => batch !== null && batch !== undefined));
    if (batches.size > 1) throw mismatch(`${this}`, 'the inputs differ in batch size', shapes, 'one batch size');
    mergeShapes(`${this}`, shapes);
  }

  override call(inputs: readonly Tensor[], { mask }: CallOptions): Tensor {
    const rank = Math.max(...inputs.map(({ shape }) => shape.length));
    const aligned = inputs.map((x) => {
      const [batch = 1, ...rest] = x.shape;
      return rest.length + 1 === rank
        ? x
        : reshape(x, [batch, ...new Array<number>(rank - 1 - rest.length).fill(1), ...rest]);
    });
    return this.merge(aligned, Array.isArray(mask) ? (mask as MaskList) : undefined);
  }

  override computeOutputShape(shapes: Shapes): SymbolicShape {
    const batch = shapes.map(([size]) => size).find((size) => size !== null && size !== undefined);
    return [batch ?? null, ...mergeShapes(`${this}`, shapes)];
  }

  /** A position counts where any input has it; unknown when one input has no mask. */
  override computeMask(_inputs: unknown, mask: unknown): unknown {
    if (!Array.isArray(mask) || mask.some((item) => item === undefined || item === null)) return undefined;
    return (mask as Tensor[]).reduce((merged, item) => logicalOr(merged, item));
  }
}

/** A merging layer's constructor. */
export interface MergeConstructor<T> {
  /** Merges a list of inputs element by element, broadcasting them: `layer([a, b])`. */
  new (options?: LayerOptions): T;
  /** Merges a list of inputs element by element, broadcasting them: `layer([a, b])`. */
  (options?: LayerOptions): T;
  readonly prototype: T;
}
