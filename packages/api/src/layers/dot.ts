import type { Tensor } from '@ceratops/core';
import { dotGeneral } from '@ceratops/core/primitives';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { axes, bool } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { expandDims } from '../ops/common.js';
import { normalize } from '../ops/normalize.js';
import { normalizeAxis } from '../ops/support.js';
import { checkList, mismatch } from './merge.js';

type Axes = number | readonly number[];
type Shapes = readonly SymbolicShape[];

export interface DotOptions extends LayerOptions {
  /** Whether the inputs are first made of length 1 along their axes: the result is then the cosine of the angle. */
  readonly normalize?: boolean | undefined;
}

class DotClass extends Layer<readonly Tensor[], Tensor> {
  declare readonly axes: Axes;
  declare readonly normalize: boolean;

  static override table(): Table<{ axes: Axes; normalize: boolean }> {
    return { axes: axes('axes'), normalize: bool('normalize', false) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  /** The axis of each input, not negative. */
  #axesOf(shapes: Shapes): readonly [number, number] {
    checkList(`${this}`, shapes);
    if (shapes.length !== 2) throw mismatch(`${this}`, 'wrong number of inputs', shapes, '2 inputs');
    const [a, b = a, ...more] = [this.axes].flat();
    if (a === undefined || more.length > 0)
      throw mismatch(`${this}`, 'wrong number of axes', shapes, 'one axis, or one for each input');
    const found = [a, b!].map((axis, i) => normalizeAxis(axis, shapes[i]!.length, `${this}`));
    if (found.includes(0)) throw mismatch(`${this}`, 'axis 0 is the batch', shapes, 'other axes');
    return found as unknown as readonly [number, number];
  }

  override build(shapes: Shapes): void {
    const [a, b] = this.#axesOf(shapes);
    const [left, right] = [shapes[0]![a], shapes[1]![b]];
    if (left !== right)
      throw mismatch(`${this}`, `the sizes ${left} and ${right} differ`, shapes, 'equal sizes on the axes');
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const [a, b] = this.#axesOf(inputs.map(({ shape }) => shape));
    const [x, y] = this.normalize ? [normalize(inputs[0]!, a), normalize(inputs[1]!, b)] : inputs;
    const product = dotGeneral(x!, y!, { contracting: [[a], [b]], batching: [[0], [0]] });
    return product.shape.length === 1 ? expandDims(product, 1) : product;
  }

  override computeOutputShape(shapes: Shapes): SymbolicShape {
    const [a, b] = this.#axesOf(shapes);
    const rest = shapes[1]!.filter((_, axis) => axis !== b && axis !== 0);
    const output = [...shapes[0]!.filter((_, axis) => axis !== a), ...rest];
    return output.length === 1 ? [...output, 1] : output;
  }

  override computeMask(): undefined {
    return undefined;
  }
}

/** The products of two inputs, sample by sample, summed over an axis of each. */
export interface Dot extends DotClass {}

export interface DotConstructor {
  /** Products of two inputs, sample by sample, summed over an axis of each: `layer([a, b])`. @param axes one for both, or one for each. */
  new (axes: Axes, normalize?: boolean | DotOptions, options?: DotOptions): Dot;
  /** Products of two inputs, sample by sample, summed over an axis of each: `layer([a, b])`. @param axes one for both, or one for each. */
  (axes: Axes, normalize?: boolean | DotOptions, options?: DotOptions): Dot;
  readonly prototype: Dot;
}

export const Dot: DotConstructor = /*#__PURE__*/ define('Dot', DotClass, { module: 'keras.layers' });
