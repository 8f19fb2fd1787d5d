import { type DotGeneralAttributes, type Shape, stridesOf } from '@ceratops/kernel-registry';
import type { Contraction, Dimension } from './contraction.js';

/** The contraction that a `dot_general` of dense operands is. */
export function contractionOfDot(lhs: Shape, rhs: Shape, attributes: DotGeneralAttributes): Contraction {
  const { lhsBatchingDimensions, rhsBatchingDimensions, lhsContractingDimensions, rhsContractingDimensions } =
    attributes;
  const [a, b] = [stridesOf(lhs), stridesOf(rhs)];
  const free = (rank: number, used: readonly (readonly number[])[]): number[] =>
    Array.from({ length: rank }, (_, d) => d).filter((d) => !used.some((dims) => dims.includes(d)));
  const lhsFree = free(lhs.length, [lhsBatchingDimensions, lhsContractingDimensions]);
  const rhsFree = free(rhs.length, [rhsBatchingDimensions, rhsContractingDimensions]);
  const result = [
    ...lhsBatchingDimensions.map((d) => lhs[d]!),
    ...lhsFree.map((d) => lhs[d]!),
    ...rhsFree.map((d) => rhs[d]!),
  ];
  const c = stridesOf(result);
  let position = 0;
  const batch = lhsBatchingDimensions.map((d, i): Dimension => {
    return { size: lhs[d]!, a: a[d]!, b: b[rhsBatchingDimensions[i]!]!, c: c[position++]! };
  });
  const m = lhsFree.map((d): Dimension => ({ size: lhs[d]!, a: a[d]!, b: 0, c: c[position++]! }));
  const n = rhsFree.map((d): Dimension => ({ size: rhs[d]!, a: 0, b: b[d]!, c: c[position++]! }));
  const k = lhsContractingDimensions.map((d, i): Dimension => {
    return { size: lhs[d]!, a: a[d]!, b: b[rhsContractingDimensions[i]!]!, c: 0 };
  });
  return { batch, m, n, k, aOffset: 0, bOffset: 0, cOffset: 0, swapped: false };
}
