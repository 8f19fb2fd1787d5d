/** Fourier transforms and dense linear algebra over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { numericInfer } from '../infer/numeric.js';
import type { OpAttributes } from '../opset.js';
import { numericVjp } from '../vjp/numeric.js';

function bringNumeric(): void {
  bringRules(numericInfer, numericVjp);
}

export function fft(
  emitter: Emitter,
  operand: Value,
  fftType: OpAttributes['fft']['fftType'],
  fftLength: readonly number[],
): Value {
  bringNumeric();
  return emitter.emit('fft', [operand], { fftType, fftLength })[0]!;
}

export function cholesky(emitter: Emitter, operand: Value, lower = true): Value {
  bringNumeric();
  return emitter.emit('cholesky', [operand], { lower })[0]!;
}

export function triangularSolve(
  emitter: Emitter,
  a: Value,
  b: Value,
  attributes: OpAttributes['triangular_solve'],
): Value {
  bringNumeric();
  return emitter.emit('triangular_solve', [a, b], attributes)[0]!;
}
