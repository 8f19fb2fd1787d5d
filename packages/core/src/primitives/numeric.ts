/** Fourier transforms and triangular factors. */
import type { OpAttributes } from '@ceratops/kernel-registry';
import { operationOf } from '../graph/operation.js';
import type { Tensor } from '../tensor/tensor.js';
import { apply1, apply2 } from './apply.js';

/** Over the last `fftLength.length` dimensions. */
export function fft(x: Tensor, fftType: OpAttributes['fft']['fftType'], fftLength: readonly number[]): Tensor {
  return apply1(operationOf('fft', { fftType, fftLength }), x);
}

/** The triangular factor of symmetric positive definite matrices. */
export function cholesky(x: Tensor, lower = true): Tensor {
  return apply1(operationOf('cholesky', { lower }), x);
}

/** Solves a·x = b or x·a = b for triangular a. */
export function triangularSolve(a: Tensor, b: Tensor, attributes: OpAttributes['triangular_solve']): Tensor {
  return apply2(operationOf('triangular_solve', attributes), a, b);
}
