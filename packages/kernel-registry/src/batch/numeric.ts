/** Batching of the numeric ops, which take leading dimensions as they come. */
import { type BatchRules, together } from './rule.js';

export const numericBatch: BatchRules<'fft' | 'cholesky' | 'triangular_solve'> = {
  fft: together('fft'),
  cholesky: together('cholesky'),
  triangular_solve: together('triangular_solve'),
};
