/** One row per op with what passes, printers and checks ask about it. Total: a new op without a row does not compile. */

import type { OpName } from './opset.js';

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

function row(family: OpFamily, differentiation: Differentiation, regions: readonly string[] = []): OpRow {
  return { family, differentiation, regions, since: 1 };
}

export const opTable: { readonly [O in OpName]: OpRow } = {
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
  scatter: row('movement', 'own', ['body']),
  dynamic_slice: row('movement', 'linear'),
  dynamic_update_slice: row('movement', 'linear'),

  dot_general: row('contraction', 'bilinear'),
  convolution: row('contraction', 'bilinear'),
  reduce: row('contraction', 'own', ['body']),
  reduce_window: row('contraction', 'own', ['body']),
  select_and_scatter: row('contraction', 'own', ['select', 'scatter']),
  sort: row('contraction', 'own', ['comparator']),

  while: row('control', 'own', ['condition', 'body']),
  case: row('control', 'own', ['branches']),

  complex: row('numeric', 'linear'),
  real: row('numeric', 'linear'),
  imag: row('numeric', 'linear'),
  fft: row('numeric', 'linear'),
  cholesky: row('numeric', 'own'),
  triangular_solve: row('numeric', 'own'),

  composite: row('structure', 'own', ['decomposition']),
  custom_call: row('structure', 'own'),
  optimization_barrier: row('structure', 'linear'),
};

export const opNames: readonly OpName[] = Object.keys(opTable) as OpName[];

export function isOpName(name: string): name is OpName {
  return Object.hasOwn(opTable, name);
}
