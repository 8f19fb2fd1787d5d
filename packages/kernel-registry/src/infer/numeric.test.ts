/** Result types of transforms and linear algebra, and what is refused. */

import { type Bad, describeInfer, type Good } from './test-support/rows.js';

const solve = { leftSide: true, lower: true, unitDiagonal: false, transposeA: 'NO_TRANSPOSE' };

const good: readonly Good[] = [
  {
    op: 'fft',
    operands: ['float32[7,8]'],
    attributes: { fftType: 'RFFT', fftLength: [8] },
    results: ['complex64[7,5]'],
  },
  {
    op: 'fft',
    operands: ['complex64[7,5]'],
    attributes: { fftType: 'IRFFT', fftLength: [9] },
    results: ['float32[7,9]'],
  },
  { op: 'cholesky', operands: ['float64[2,3,3]'], attributes: { lower: true }, results: ['float64[2,3,3]'] },
  { op: 'triangular_solve', operands: ['float32[3,3]', 'float32[3,5]'], attributes: solve, results: ['float32[3,5]'] },
];

const bad: readonly Bad[] = [
  {
    op: 'fft',
    operands: ['float32[7,8]'],
    attributes: { fftType: 'FFT', fftLength: [8] },
    code: 'DTYPE_MISMATCH',
    message: /complex/,
  },
  {
    op: 'cholesky',
    operands: ['float32[3,4]'],
    attributes: { lower: true },
    code: 'SHAPE_MISMATCH',
    message: /not square/,
  },
  {
    op: 'triangular_solve',
    operands: ['float32[3,3]', 'float32[4,5]'],
    attributes: solve,
    code: 'SHAPE_MISMATCH',
    message: /expected \[3,5\]/,
  },
];

describeInfer('numeric', good, bad);
