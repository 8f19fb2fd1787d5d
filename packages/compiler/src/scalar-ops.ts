/** What the elementwise ops of the opset are in loop IR, and what they cost. */

import { type BinaryOp, type DType, elementwiseOps, type OpName } from '@ceratops/kernel-registry';

/** What is computed element by element: a composite only gets here where the target computes it, and then as `UnaryFunction`. */
export const scalarOps: ReadonlySet<OpName> = new Set<OpName>([...elementwiseOps, 'composite']);

const boolOps: ReadonlyMap<string, BinaryOp> = new Map([
  ['add', 'or'],
  ['maximum', 'or'],
  ['multiply', 'and'],
  ['minimum', 'and'],
]);

/** What `op` is on scalars of a dtype: bools only know logic. */
export function binaryScalarOp(op: BinaryOp, dtype: DType): BinaryOp {
  return (dtype === 'bool' ? boolOps.get(op) : undefined) ?? op;
}

const expensive: ReadonlyMap<OpName, number> = new Map<OpName, number>([
  ['divide', 4],
  ['remainder', 8],
  ['sqrt', 4],
  ['exponential', 10],
  ['exponential_minus_one', 14],
  ['log', 12],
  ['log_plus_one', 14],
  ['sine', 14],
  ['cosine', 14],
  ['tanh', 14],
  ['composite', 14],
  ['power', 30],
  ['atan2', 30],
  ['gather', 6],
  ['pad', 3],
  ['dynamic_slice', 2],
]);

/** Scalar operations per element, an addition being 1; views and constants cost next to nothing. */
export function costOf(op: OpName): number {
  return expensive.get(op) ?? (free.has(op) ? 0 : 1);
}

const free: ReadonlySet<OpName> = new Set<OpName>([
  'constant',
  'reshape',
  'broadcast_in_dim',
  'transpose',
  'slice',
  'reverse',
  'optimization_barrier',
]);
