/** Fourier transforms and triangular factors. */
import type { OpAttributes } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Tensor } from '../tensor/tensor.js';
import { emitted, nodeOf } from './apply.js';

/** Over the last `fftLength.length` dimensions. */
export function fft(x: Tensor, fftType: OpAttributes['fft']['fftType'], fftLength: readonly number[]): Tensor {
  return emitted(emit.fft(emitter, nodeOf(x), fftType, fftLength));
}

/** The triangular factor of symmetric positive definite matrices. */
export function cholesky(x: Tensor, lower = true): Tensor {
  return emitted(emit.cholesky(emitter, nodeOf(x), lower));
}

/** Solves a·x = b or x·a = b for triangular a. */
export function triangularSolve(a: Tensor, b: Tensor, attributes: OpAttributes['triangular_solve']): Tensor {
  return emitted(emit.triangularSolve(emitter, nodeOf(a), nodeOf(b), attributes));
}
