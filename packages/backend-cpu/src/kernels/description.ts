import type { Blocking } from './blocking.js';

/** How a product is done, as text; the text is a late part. */
export function describe(description: string | Blocking): string {
  if (typeof description === 'string') return description;
  const { tile, rows, columns, contracted, batches, packsA, table, directB, copiesB, clipped } = description;
  const a = clipped ? 'clipped' : packsA ? 'packed' : table ? 'by offsets' : 'direct';
  const b = copiesB ? 'copied by blocks' : directB === undefined ? 'packed' : 'direct';
  const size = `${batches > 1 ? `${batches}×` : ''}${rows}×${contracted}×${columns}`;
  return `gemm ${size}, tile ${tile.rows}×${tile.vectors * 4}, A ${a}, B ${b}`;
}
