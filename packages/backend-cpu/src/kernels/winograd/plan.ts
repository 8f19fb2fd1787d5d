/** What Winograd's minimal filtering F(2×2, 3×3) takes, and how it is cut. */

import type { OpQuery } from '@ceratops/kernel-registry';
import { type GemmTuning, isPackedWhole } from '../blocking.js';
import type { Tile } from '../microkernel.js';
import { meetings, type StrideOne, strideOneOf } from '../stride-one.js';

/** Elements of a transformed tile: of four by four pixels, of a transformed kernel, and of their product. */
export const points = 16;

/** Products of fewer channels are too short to be worth the transforms; pages wait for late parts from this size of kernels on. */
const fewestChannels = 32;
const fewestPairs = 64 * 64;
const fewestTiles = 48;
/** How many times the products of the transforms a direct sum must have; padding and odd sizes bring it down from 2.25. */
const leastGain = 1.5;

/** Undefined where the convolution is better computed directly. */
export function winogradOf(query: OpQuery<'convolution'>): StrideOne | undefined {
  const convolution = strideOneOf(query);
  if (convolution === undefined) return undefined;
  const { samples, rows, columns, inputs, features } = convolution;
  const tiles = tilesAlong(rows.output) * tilesAlong(columns.output);
  const fits =
    [rows, columns].every(({ taps, dilation }) => taps === 3 && dilation === 1) &&
    [inputs, features].every((channels) => channels % 4 === 0 && channels >= fewestChannels) &&
    inputs * features >= fewestPairs &&
    samples * tiles >= fewestTiles &&
    isPackedWhole(4 * samples * tiles, points * inputs * features) &&
    meetings(convolution) >= leastGain * points * tiles;
  return fits ? convolution : undefined;
}

function tilesAlong(outputs: number): number {
  return Math.ceil(outputs / 2);
}

export interface Plan {
  readonly convolution: StrideOne;
  /** Tiles of two by two outputs: in a column of a sample, in a row, and in all. */
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly tiles: number;
  /** Tiles of an item. */
  readonly block: number;
  /** That of the products in registers. */
  readonly registers: Tile;
  readonly relaxed: boolean;
  /** Panels of features, all but the last as wide as the registers' tile. */
  readonly panels: number;
  readonly lastVectors: number;
}

/** Elements of an item's transformed input: what the second cache holds. */
const largestInput = 96 * 1024;
const fewestInBlock = 24;
const mostInBlock = 96;
const wantedItems = 16;

export function planOf(convolution: StrideOne, { tile: registers, relaxed }: GemmTuning): Plan {
  const { rows, columns, samples, inputs, features } = convolution;
  const [tileRows, tileColumns] = [tilesAlong(rows.output), tilesAlong(columns.output)];
  const tiles = samples * tileRows * tileColumns;
  const fitting = Math.floor(largestInput / points / inputs);
  const most = Math.min(Math.max(fitting, fewestInBlock), mostInBlock, Math.ceil(tiles / wantedItems));
  const panels = Math.ceil(features / 4 / registers.vectors);
  return {
    ...{ convolution, tileRows, tileColumns, tiles, registers, relaxed, panels },
    block: Math.ceil(most / registers.rows) * registers.rows,
    lastVectors: features / 4 - (panels - 1) * registers.vectors,
  };
}

/** Bytes of a panel's transformed kernel at one point. */
export function panelBytes({ convolution }: Plan, vectors: number): number {
  return convolution.inputs * vectors * 16;
}
