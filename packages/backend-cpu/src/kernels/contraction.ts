/**
 * A contraction `C[batch, m, n] = Σ_k A[batch, m, k] · B[batch, k, n]` over strided dimensions: what dot products and
 * (padded) convolutions of every layout have in common. Each dimension group may have several dimensions; an element's
 * address is the sum of index times stride over them, so that no operand is ever transposed or unrolled in memory.
 */

/** Strides are in elements; `a`, `b`, `c` are 0 where the operand does not have the dimension. */
export interface Dimension {
  readonly size: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export interface Contraction {
  readonly batch: readonly Dimension[];
  readonly m: readonly Dimension[];
  readonly n: readonly Dimension[];
  readonly k: readonly Dimension[];
  /** Element offsets of index zero; not 0 where a dimension runs backwards or begins inside. */
  readonly aOffset: number;
  readonly bOffset: number;
  readonly cOffset: number;
  /** True when A and B stand for the second and the first operand. */
  readonly swapped: boolean;
}

export function product(dimensions: readonly { readonly size: number }[]): number {
  let size = 1;
  for (const dimension of dimensions) size *= dimension.size;
  return size;
}

/** Exchanges the roles of the operands (and of m and n). */
function swap({ batch, m, n, k, aOffset, bOffset, cOffset, swapped }: Contraction): Contraction {
  const exchange = (dimensions: readonly Dimension[]): Dimension[] =>
    dimensions.map(({ size, a, b, c }) => ({ size, a: b, b: a, c }));
  return {
    batch: exchange(batch),
    m: exchange(n),
    n: exchange(m),
    k: exchange(k),
    aOffset: bOffset,
    bOffset: aOffset,
    cOffset,
    swapped: !swapped,
  };
}

/** Drops dimensions of size 1 and joins neighbours that are one dimension in all operands; outermost first. */
function merge(dimensions: readonly Dimension[]): Dimension[] {
  const merged: Dimension[] = [];
  for (const dimension of dimensions) {
    if (dimension.size === 1) continue;
    const outer = merged.at(-1);
    const { size, a, b, c } = dimension;
    if (outer !== undefined && outer.a === size * a && outer.b === size * b && outer.c === size * c)
      merged[merged.length - 1] = { size: outer.size * size, a, b, c };
    else merged.push(dimension);
  }
  return merged;
}

const byStride =
  (operand: 'a' | 'c') =>
  (left: Dimension, right: Dimension): number =>
    Math.abs(right[operand]) - Math.abs(left[operand]);

/**
 * The canonical form that the emitter takes: B's free dimensions are one contiguous run of C (others become batch
 * dimensions), rows and batches follow C's order in memory, the contracted dimensions follow A's.
 */
export function canonicalize(contraction: Contraction): Contraction {
  const unit = (dimensions: readonly Dimension[]): boolean => dimensions.some(({ size, c }) => size > 1 && c === 1);
  if (unit(contraction.m) && product(contraction.n) > 1 && !unit(contraction.n)) contraction = swap(contraction);
  else if (isAcross(contraction)) contraction = swap(contraction);
  const ordered = contraction.n.filter(({ size }) => size > 1).sort(byStride('c'));
  const n: Dimension[] = [];
  let stride = 1;
  while (ordered.length > 0 && ordered.at(-1)!.c === stride) {
    const dimension = ordered.pop()!;
    n.unshift(dimension);
    stride *= dimension.size;
  }
  return {
    ...contraction,
    batch: merge([...contraction.batch, ...ordered].sort(byStride('c'))),
    m: merge([...contraction.m].sort(byStride('c'))),
    n: mergeBy(n, 'b'),
    k: merge([...contraction.k].sort(byStride('a'))),
  };
}

/** A matrix times a vector, where the vector's side does not let the matrix be read as it lies in memory. */
function isAcross({ m, n }: Contraction): boolean {
  const rows = m.filter(({ size }) => size > 1);
  if (product(n) === 1) return rows.length === 1 && rows[0]!.a === 1;
  return product(m) === 1 && !n.some(({ size, b }) => size > 1 && b === 1);
}

/** Columns are contiguous in C as a whole, so only B's stride keeps two of them apart. */
function mergeBy(dimensions: readonly Dimension[], operand: 'b'): Dimension[] {
  const merged: Dimension[] = [];
  for (const dimension of dimensions) {
    const outer = merged.at(-1);
    if (outer !== undefined && outer[operand] === dimension.size * dimension[operand])
      merged[merged.length - 1] = { ...dimension, size: outer.size * dimension.size };
    else merged.push(dimension);
  }
  return merged;
}
