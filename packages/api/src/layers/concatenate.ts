import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { expandDims, logicalAnd } from '../ops/common.js';
import { concatenate } from '../ops/concatenate.js';
import { onesLike } from '../ops/creation-like.js';
import { any } from '../ops/logical-reductions.js';
import { normalizeAxis } from '../ops/support.js';
import { checkList, mismatch } from './merge.js';

export interface ConcatenateOptions extends LayerOptions {
  readonly axis?: number | undefined;
}

type Shapes = readonly SymbolicShape[];

class ConcatenateClass extends Layer<readonly Tensor[], Tensor> {
  declare readonly axis: number;

  static override table(): Table<{ axis: number }> {
    return { axis: int('axis', -1) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  override build(shapes: Shapes): void {
    checkList(`${this}`, shapes);
    const axis = normalizeAxis(this.axis, shapes[0]!.length, `${this}`);
    const fits = (a: number | null | undefined, b: number | null | undefined): boolean =>
      a === b || a === null || b === null;
    const same = shapes.every((shape) => {
      return shape.length === shapes[0]!.length && shape.every((size, i) => i === axis || fits(size, shapes[0]![i]));
    });
    if (!same) throw mismatch(`${this}`, 'the inputs do not fit', shapes, `equal shapes except on axis ${this.axis}`);
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return concatenate(inputs, this.axis);
  }

  override computeOutputShape(shapes: Shapes): SymbolicShape {
    const axis = normalizeAxis(this.axis, shapes[0]!.length, `${this}`);
    const total = shapes.reduce<number | null>(
      (sum, shape) => (sum === null || shape[axis] === null ? null : sum + shape[axis]!),
      0,
    );
    return shapes[0]!.map((size, i) => (i === axis ? total : size));
  }

  override computeMask(inputs: unknown, mask: unknown): unknown {
    if (!Array.isArray(mask) || mask.every((item) => item === undefined || item === null)) return undefined;
    const full = (inputs as Tensor[]).map((x, i) => {
      const whole = onesLike(x, { dtype: 'bool' });
      const given = mask[i] as Tensor | undefined;
      if (given === undefined) return whole;
      return given.shape.length < x.shape.length ? logicalAnd(expandDims(given, -1), whole) : given;
    });
    return any(concatenate(full, this.axis), -1);
  }
}

/** Its inputs joined along an axis. */
export interface Concatenate extends ConcatenateClass {}

export interface ConcatenateConstructor {
  /** Joins a list of inputs along an axis, the last by default: `layer([a, b])`. */
  new (axis?: number | ConcatenateOptions, options?: ConcatenateOptions): Concatenate;
  /** Joins a list of inputs along an axis, the last by default: `layer([a, b])`. */
  (axis?: number | ConcatenateOptions, options?: ConcatenateOptions): Concatenate;
  readonly prototype: Concatenate;
}

export const Concatenate: ConcatenateConstructor = /*#__PURE__*/ define('Concatenate', ConcatenateClass, {
  module: 'keras.layers',
});
