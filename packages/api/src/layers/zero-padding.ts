/** What ZeroPadding1D, 2D and 3D share. */

import type { Tensor } from '@ceratops/core';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import type { Table } from '../engine/table.js';
import { pad } from '../ops/padding.js';
import { allPairs, type Borders, bordersRow, type Pair } from './borders.js';
import { type DataFormat, dataFormatRow } from './support.js';

export interface ZeroPaddingOptions extends LayerOptions {
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
}

interface ZeroPaddingSettings {
  readonly padding: readonly Pair[];
  readonly dataFormat: DataFormat;
}

/** @param rank the number of spatial axes. */
export function zeroPaddingTable(rank: number): Table<ZeroPaddingSettings> {
  return { padding: bordersRow('padding', rank, 1), dataFormat: dataFormatRow() };
}

export abstract class ZeroPadding extends Layer {
  declare readonly padding: readonly Pair[];
  declare readonly dataFormat: DataFormat;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.padding.length + 2 };
  }

  override call(x: Tensor): Tensor {
    return pad(x, allPairs(this.padding, this.dataFormat));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const pairs = allPairs(this.padding, this.dataFormat);
    return inputShape.map((size, axis) => (size === null ? null : size + pairs[axis]![0] + pairs[axis]![1]));
  }
}

/** The constructor of a padding layer. */
export interface ZeroPaddingConstructor<T> {
  /** Adds borders of zeros, of width 1 by default. @param padding a width for all, one for each axis, or [before, after] for each axis. */
  new (padding?: Borders | ZeroPaddingOptions, options?: ZeroPaddingOptions): T;
  /** Adds borders of zeros, of width 1 by default. @param padding a width for all, one for each axis, or [before, after] for each axis. */
  (padding?: Borders | ZeroPaddingOptions, options?: ZeroPaddingOptions): T;
  readonly prototype: T;
}
