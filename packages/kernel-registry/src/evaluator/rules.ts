/** The table of the evaluator: one rule per op. */

import type { OpName } from '../opset.js';
import type { EvaluateRule } from './context.js';
import { evaluateConvolution, evaluateDotGeneral } from './contraction.js';
import { evaluateBarrier, evaluateCase, evaluateComposite, evaluateCustomCall, evaluateWhile } from './control.js';
import { evaluateBitcast } from './convert.js';
import { elementwise } from './elementwise.js';
import { evaluateFft } from './fft.js';
import { evaluateGather, evaluateScatter } from './gather.js';
import { evaluateCholesky, evaluateTriangularSolve } from './linalg.js';
import {
  evaluateBroadcast,
  evaluateConcatenate,
  evaluateConstant,
  evaluateDynamicSlice,
  evaluateDynamicUpdateSlice,
  evaluateIota,
  evaluatePad,
  evaluateReshape,
  evaluateReverse,
  evaluateSlice,
  evaluateTranspose,
} from './movement.js';
import { evaluateReduce, evaluateReduceWindow, evaluateSelectAndScatter } from './reduce.js';
import { evaluateSort } from './sort.js';

/** What each op computes. */
export const evaluateRules: { readonly [O in OpName]: EvaluateRule<O> } = {
  // unary
  abs: elementwise('abs'),
  negate: elementwise('negate'),
  sign: elementwise('sign'),
  floor: elementwise('floor'),
  ceil: elementwise('ceil'),
  round_nearest_even: elementwise('round_nearest_even'),
  exponential: elementwise('exponential'),
  exponential_minus_one: elementwise('exponential_minus_one'),
  log: elementwise('log'),
  log_plus_one: elementwise('log_plus_one'),
  sqrt: elementwise('sqrt'),
  sine: elementwise('sine'),
  cosine: elementwise('cosine'),
  tanh: elementwise('tanh'),
  is_finite: elementwise('is_finite'),
  not: elementwise('not'),
  // binary
  add: elementwise('add'),
  subtract: elementwise('subtract'),
  multiply: elementwise('multiply'),
  divide: elementwise('divide'),
  remainder: elementwise('remainder'),
  power: elementwise('power'),
  maximum: elementwise('maximum'),
  minimum: elementwise('minimum'),
  atan2: elementwise('atan2'),
  and: elementwise('and'),
  or: elementwise('or'),
  xor: elementwise('xor'),
  shift_left: elementwise('shift_left'),
  shift_right_arithmetic: elementwise('shift_right_arithmetic'),
  shift_right_logical: elementwise('shift_right_logical'),
  // typing
  compare: elementwise('compare'),
  select: elementwise('select'),
  convert: elementwise('convert'),
  bitcast_convert: evaluateBitcast,
  // nullary
  constant: evaluateConstant,
  iota: evaluateIota,
  // movement
  reshape: evaluateReshape,
  broadcast_in_dim: evaluateBroadcast,
  transpose: evaluateTranspose,
  slice: evaluateSlice,
  pad: evaluatePad,
  concatenate: evaluateConcatenate,
  reverse: evaluateReverse,
  gather: evaluateGather,
  scatter: evaluateScatter,
  dynamic_slice: evaluateDynamicSlice,
  dynamic_update_slice: evaluateDynamicUpdateSlice,
  // contraction
  dot_general: evaluateDotGeneral,
  convolution: evaluateConvolution,
  reduce: evaluateReduce,
  reduce_window: evaluateReduceWindow,
  select_and_scatter: evaluateSelectAndScatter,
  sort: evaluateSort,
  // control
  while: evaluateWhile,
  case: evaluateCase,
  // numeric
  complex: elementwise('complex'),
  real: elementwise('real'),
  imag: elementwise('imag'),
  fft: evaluateFft,
  cholesky: evaluateCholesky,
  triangular_solve: evaluateTriangularSolve,
  // structure
  composite: evaluateComposite,
  custom_call: evaluateCustomCall,
  optimization_barrier: evaluateBarrier,
};
