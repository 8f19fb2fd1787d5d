/** What UpSampling1D, 2D and 3D share. */

import type { Tensor } from '@ceratops/core';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { intTuple } from '../engine/rows.js';
import type { Row, Table } from '../engine/table.js';
import { repeat } from '../ops/tiling.js';
import { type DataFormat, dataFormatRow } from './support.js';

export interface UpSamplingOptions extends LayerOptions {
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
}

export interface UpSamplingSettings {
  readonly size: readonly number[];
  readonly dataFormat: DataFormat;
}

/** @param rank the number of spatial axes. */
export function upSamplingTable(rank: number): Table<UpSamplingSettings> {
  const size: Row<readonly number[]> = intTuple('size', rank, 2);
  return { size, dataFormat: dataFormatRow() };
}

export abstract class UpSampling extends Layer {
  declare readonly size: readonly number[];
  declare readonly dataFormat: DataFormat | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.size.length + 2 };
  }

  protected get firstAxis(): number {
    return this.dataFormat === 'channels_first' ? 2 : 1;
  }

  override call(x: Tensor): Tensor {
    return this.size.reduce((wide, times, i) => repeat(wide, times, { axis: this.firstAxis + i }), x);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape.map((size, axis) => (size === null ? null : size * (this.size[axis - this.firstAxis] ?? 1)));
  }
}
