/** One row per op with what printers, documentation and checks ask about it. Total: a new op without a row does not compile. */

import { laterOps, type OpName } from './opset.js';
import { regionAttributes } from './program/regions.js';

export type OpFamily =
  | 'unary'
  | 'binary'
  | 'typing'
  | 'nullary'
  | 'movement'
  | 'contraction'
  | 'control'
  | 'numeric'
  | 'structure';

/**
 * How reverse mode treats the op. `linear`: in its data operands. `bilinear`: in each of two operands.
 * `zero`: no gradient flows. `own`: a formula of its own.
 */
export type Differentiation = 'linear' | 'bilinear' | 'zero' | 'own';

export interface OpRow {
  readonly family: OpFamily;
  readonly differentiation: Differentiation;
  /** Names of the attributes that hold a region or a list of regions. */
  readonly regions: readonly string[];
  /** The opset version that brought the op. */
  readonly since: number;
}

type Row = Pick<OpRow, 'family' | 'differentiation'>;

function row(family: OpFamily, differentiation: Differentiation): Row {
  return { family, differentiation };
}

const rows: { readonly [O in OpName]: Row } = {
  abs: row('unary', 'own'),
  negate: row('unary', 'linear'),
  sign: row('unary', 'zero'),
  floor: row('unary', 'zero'),
  ceil: row('unary', 'zero'),
  round_nearest_even: row('unary', 'zero'),
  exponential: row('unary', 'own'),
  exponential_minus_one: row('unary', 'own'),
  log: row('unary', 'own'),
  log_plus_one: row('unary', 'own'),
  sqrt: row('unary', 'own'),
  sine: row('unary', 'own'),
  cosine: row('unary', 'own'),
  tanh: row('unary', 'own'),
  is_finite: row('unary', 'zero'),
  not: row('unary', 'zero'),

  add: row('binary', 'linear'),
  subtract: row('binary', 'linear'),
  multiply: row('binary', 'bilinear'),
  divide: row('binary', 'own'),
  remainder: row('binary', 'own'),
  power: row('binary', 'own'),
  maximum: row('binary', 'own'),
  minimum: row('binary', 'own'),
  atan2: row('binary', 'own'),
  and: row('binary', 'zero'),
  or: row('binary', 'zero'),
  xor: row('binary', 'zero'),
  shift_left: row('binary', 'zero'),
  shift_right_arithmetic: row('binary', 'zero'),
  shift_right_logical: row('binary', 'zero'),

  compare: row('typing', 'zero'),
  select: row('typing', 'linear'),
  convert: row('typing', 'linear'),
  bitcast_convert: row('typing', 'zero'),

  constant: row('nullary', 'zero'),
  iota: row('nullary', 'zero'),

  reshape: row('movement', 'linear'),
  broadcast_in_dim: row('movement', 'linear'),
  transpose: row('movement', 'linear'),
  slice: row('movement', 'linear'),
  pad: row('movement', 'linear'),
  concatenate: row('movement', 'linear'),
  reverse: row('movement', 'linear'),
  gather: row('movement', 'linear'),
  scatter: row('movement', 'own'),
  dynamic_slice: row('movement', 'linear'),
  dynamic_update_slice: row('movement', 'linear'),

  dot_general: row('contraction', 'bilinear'),
  convolution: row('contraction', 'bilinear'),
  reduce: row('contraction', 'own'),
  reduce_window: row('contraction', 'own'),
  select_and_scatter: row('contraction', 'own'),
  sort: row('contraction', 'own'),

  while: row('control', 'own'),
  case: row('control', 'own'),

  complex: row('numeric', 'linear'),
  real: row('numeric', 'linear'),
  imag: row('numeric', 'linear'),
  fft: row('numeric', 'linear'),
  cholesky: row('numeric', 'own'),
  triangular_solve: row('numeric', 'own'),

  composite: row('structure', 'own'),
  custom_call: row('structure', 'own'),
  optimization_barrier: row('structure', 'linear'),
};

export const opNames: readonly OpName[] = Object.keys(rows) as OpName[];

/** Regions and versions have small tables of their own, which programs at work use: they need no rows of other ops. */
export const opTable: { readonly [O in OpName]: OpRow } = /*#__PURE__*/ Object.fromEntries(
  /*#__PURE__*/ opNames.map((op) => [
    op,
    { ...rows[op], regions: regionAttributes[op] ?? [], since: laterOps[op] ?? 1 },
  ]),
) as { [O in OpName]: OpRow };

export function isOpName(name: string): name is OpName {
  return Object.hasOwn(rows, name);
}
