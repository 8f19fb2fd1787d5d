/**
 * How a contraction is cut: the register tile, the part of the contracted index that stays in the caches, the rows and
 * columns of a work item, and how A is reached. Numbers depend on the engine and the sizes, never on the thread count,
 * so that results do not either.
 */

import type { Contraction } from './contraction.js';
import { product } from './contraction.js';
import type { Tile } from './microkernel.js';

/** What the engine's code generator does well. */
export interface GemmTuning {
  readonly relaxed: boolean;
  /** The tile for wide results: as many accumulators as its register allocator keeps. */
  readonly tile: Tile;
  /** The tile for results of at most four columns. */
  readonly narrowTile: Tile;
}

/**
 * V8 up to 12 keeps rows · vectors + rows + vectors values in registers, later ones rows · vectors + vectors + 1, of the
 * 15 that WebAssembly gets.
 */
export function gemmTuning(engine: { readonly relaxed: boolean; readonly v8Major: number | undefined }): GemmTuning {
  const { relaxed, v8Major } = engine;
  const narrowTile = { rows: 6, vectors: 1 };
  if (v8Major !== undefined && v8Major <= 11)
    return { relaxed, tile: relaxed ? { rows: 3, vectors: 3 } : { rows: 4, vectors: 2 }, narrowTile };
  return { relaxed, tile: relaxed ? { rows: 6, vectors: 2 } : { rows: 2, vectors: 4 }, narrowTile };
}

export interface Blocking {
  readonly contraction: Contraction;
  readonly tile: Tile;
  readonly rows: number;
  readonly columns: number;
  readonly contracted: number;
  readonly batches: number;
  /** Elements of the innermost contracted dimension, and how many such runs there are. */
  readonly runLength: number;
  readonly runs: number;
  /** Whether A's contracted elements are reached through a table of offsets. */
  readonly table: boolean;
  /** Whether each work item first copies its block of A. */
  readonly packsA: boolean;
  /** Bytes between the rows of a B that is read where it lies: there are too few rows of A to pay for packing, or `copiesB`. */
  readonly directB: number | undefined;
  /** Whether each work item copies what it needs of a B that is too large to be packed as a whole, block by block. */
  readonly copiesB: boolean;
  /** Whether elements of A in padding are left out, rather than there. */
  readonly clipped?: true;
  /** Contracted elements that are done at a time, so that a panel of B stays in the first cache. */
  readonly block: number;
  /** Rows and column panels of one work item. */
  readonly itemRows: number;
  readonly itemPanels: number;
  readonly panels: number;
}

const longestBlock = 384;
/** Rows of a B that was not packed: each is a page, and the next panel has the rest of its cache lines. */
const longestDirectBlock = 96;
/** Elements of a B that is packed as a whole: what caches hold, or so many for each row of A that packing does not count. */
const largestPackedB = 1 << 20;
const packedPerRow = 1 << 11;
const wantedItems = 16;
/** So few rows of A do not pay for a copy of B, and one item has them all, lest B be read again. */
const fewRows = 12;

export function chooseBlocking(contraction: Contraction, tuning: GemmTuning): Blocking {
  const rows = product(contraction.m);
  const columns = product(contraction.n);
  const contracted = product(contraction.k);
  const tile = chooseTile(rows, columns, tuning);
  const few = rows <= fewRows;
  const directB = few || !isPackedWhole(rows, contracted * columns) ? directStride(contraction) : undefined;
  const longest = few && directB ? longestDirectBlock : longestBlock;
  const runLength = contraction.k.at(-1)?.size ?? 1;
  const batches = product(contraction.batch);
  const panels = Math.ceil(columns / (tile.vectors * 4));
  return {
    contraction,
    tile,
    rows,
    columns,
    contracted,
    batches,
    runLength,
    runs: contracted / runLength,
    table: contraction.k.length > 1,
    packsA: isFar(contraction),
    directB,
    copiesB: !few && !!directB,
    block: Math.ceil(contracted / Math.ceil(contracted / longest)),
    panels,
    ...chooseItem(rows, panels, batches, contracted * columns, tile, few || !!directB),
  };
}

/** Whether B is packed as a whole, if it is packed. */
export function isPackedWhole(rows: number, elements: number): boolean {
  return elements <= Math.max(largestPackedB, rows * packedPerRow);
}

/** A tile of all rows where there are but a few; it may then be wide. */
function chooseTile(rows: number, columns: number, { tile, narrowTile }: GemmTuning): Tile {
  if (columns <= 4) return { ...narrowTile, rows: Math.min(narrowTile.rows, rows) };
  if (rows === 2 || rows === 4) return { rows: 2, vectors: 4 };
  return { ...tile, rows: Math.min(tile.rows, rows) };
}

/** Rows and panels of a work item: enough items for several threads, enough rows to use a panel from the first cache. */
function chooseItem(
  rows: number,
  panels: number,
  batches: number,
  costPerRow: number,
  tile: Tile,
  /** Whether a work item had better have all rows. */
  whole: boolean,
): { readonly itemRows: number; readonly itemPanels: number } {
  const mostRows = Math.max(tile.rows, Math.floor((whole ? 192 : 96) / tile.rows) * tile.rows);
  const tiles = Math.ceil(rows / tile.rows);
  const fewestRows = Math.ceil(20_000 / costPerRow / tile.rows) * tile.rows;
  const wantedRows = whole ? rows : Math.ceil((tiles * batches) / wantedItems) * tile.rows;
  const itemRows = Math.min(Math.max(Math.min(wantedRows, mostRows), fewestRows, tile.rows), tiles * tile.rows);
  const rowItems = Math.ceil(rows / itemRows) * batches;
  const columnItems = Math.min(panels, Math.max(1, Math.floor(wantedItems / rowItems)));
  const enough = (itemRows * costPerRow) / columnItems > 20_000;
  return { itemRows, itemPanels: enough ? Math.ceil(panels / columnItems) : panels };
}

/**
 * Far strides use one element of each cache line, and powers of two fight for the same lines. Less far ones do too, but pay only
 * where many columns use a copy.
 */
function isFar({ n, k }: Contraction): boolean {
  const stride = Math.abs(k.at(-1)?.a ?? 0);
  return stride > 64 || (stride >= 32 && product(n) >= 64);
}

/** The row stride of a B whose columns are contiguous and whose rows are evenly spaced. */
function directStride({ n, k }: Contraction): number | undefined {
  const contiguous = n.length === 0 || (n.length === 1 && n[0]!.b === 1);
  const even = k.every(({ b }, d) => d === k.length - 1 || b === k[d + 1]!.size * k[d + 1]!.b);
  return contiguous && even && k.length > 0 ? k.at(-1)!.b * 4 : undefined;
}
