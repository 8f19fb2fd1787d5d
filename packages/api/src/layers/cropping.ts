/** What Cropping1D, 2D and 3D share. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { formatShape, type SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import type { Table } from '../engine/table.js';
import { slice } from '../ops/slicing.js';
import { allPairs, type Borders, bordersRow, type Pair } from './borders.js';
import { type DataFormat, dataFormatRow } from './support.js';

export interface CroppingOptions extends LayerOptions {
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
}

interface CroppingSettings {
  readonly cropping: readonly Pair[];
  readonly dataFormat: DataFormat;
}

/** @param rank the number of spatial axes. @param fallback the width that is cut off by default. */
export function croppingTable(rank: number, fallback: number): Table<CroppingSettings> {
  return { cropping: bordersRow('cropping', rank, fallback), dataFormat: dataFormatRow() };
}

export abstract class Cropping extends Layer {
  declare readonly cropping: readonly Pair[];
  declare readonly dataFormat: DataFormat | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.cropping.length + 2 };
  }

  override call(x: Tensor): Tensor {
    const pairs = allPairs(this.cropping, this.dataFormat);
    return slice(
      x,
      pairs.map(([before]) => before),
      this.computeOutputShape(x.shape) as readonly number[],
    );
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const pairs = allPairs(this.cropping, this.dataFormat);
    return inputShape.map((size, axis) => {
      const [before, after] = pairs[axis]!;
      if (size === null || before + after < size || before + after === 0)
        return size === null ? null : size - before - after;
      throw new CeratopsError('SHAPE_MISMATCH', 'nothing is left', {
        subject: `${this}`,
        expected: `more than ${before + after} elements on axis ${axis}`,
        received: `shape ${formatShape(inputShape)}`,
      });
    });
  }
}

/** The constructor of a cropping layer. */
export interface CroppingConstructor<T> {
  /** Cuts borders off. @param cropping a width for all, one for each axis, or [before, after] for each axis. */
  new (cropping?: Borders | CroppingOptions, options?: CroppingOptions): T;
  /** Cuts borders off. @param cropping a width for all, one for each axis, or [before, after] for each axis. */
  (cropping?: Borders | CroppingOptions, options?: CroppingOptions): T;
  readonly prototype: T;
}
