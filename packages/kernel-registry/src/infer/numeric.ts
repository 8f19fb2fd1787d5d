/** Type rules of FFT and the two dense factorisations. */

import { formatType, sameShape, type TensorType } from '../tensor-type.js';
import { complexDType, realDType } from './elementwise.js';
import {
  argumentError,
  checkCount,
  checkEqualShape,
  checkKind,
  checkPerDimension,
  checkSameDType,
  floatKinds,
  type InferRule,
  type InferRules,
  kindBit,
  shapeError,
} from './rule.js';

const fft: InferRule<'fft'> = (operands, { fftType, fftLength }) => {
  checkCount('fft', operands, 1);
  const operand = operands[0]!;
  const rank = operand.shape.length;
  const count = fftLength.length;
  if (count < 1 || count > 3 || count > rank) {
    argumentError('fft', 'bad fftLength', `1 to 3 lengths, at most ${rank}`, `[${fftLength.join(',')}]`);
  }
  checkPerDimension('fft', 'fftLength', fftLength, count, 0);
  checkKind('fft', operand, fftType === 'RFFT' ? kindBit.float : kindBit.complex);
  const outer = operand.shape.slice(0, rank - count);
  const last = fftLength[count - 1]!;
  const half = [...outer, ...fftLength.slice(0, -1), Math.floor(last / 2) + 1];
  const full = [...outer, ...fftLength];
  const expected = fftType === 'IRFFT' ? half : full;
  if (!sameShape(operand.shape, expected)) {
    shapeError('fft', `${fftType} length does not fit`, `[${expected.join(',')}]`, formatType(operand));
  }
  if (fftType === 'RFFT') return [{ dtype: complexDType('fft', operand.dtype), shape: half }];
  return fftType === 'IRFFT' ? [{ dtype: realDType(operand.dtype), shape: full }] : [operand];
};

function checkSquare(op: string, type: TensorType): number {
  const rank = type.shape.length;
  if (rank < 2 || type.shape[rank - 1] !== type.shape[rank - 2]) {
    shapeError(op, 'not square', 'matrices [..., n, n]', formatType(type));
  }
  return type.shape[rank - 1]!;
}

const cholesky: InferRule<'cholesky'> = (operands) => {
  checkCount('cholesky', operands, 1);
  checkKind('cholesky', operands[0]!, floatKinds);
  checkSquare('cholesky', operands[0]!);
  return [operands[0]!];
};

const triangularSolve: InferRule<'triangular_solve'> = (operands, { leftSide }) => {
  const op = 'triangular_solve';
  checkCount(op, operands, 2);
  checkSameDType(op, operands);
  const [a, b] = operands as readonly [TensorType, TensorType];
  checkKind(op, a, floatKinds);
  const n = checkSquare(op, a);
  const rank = a.shape.length;
  if (b.shape.length !== rank) shapeError(op, 'ranks differ', `rank ${rank}`, formatType(b));
  const columns = b.shape[rank - 1]!;
  const rows = b.shape[rank - 2]!;
  const batch = a.shape.slice(0, -2);
  checkEqualShape(op, 'sizes do not fit', leftSide ? [...batch, n, columns] : [...batch, rows, n], b.shape);
  return [b];
};

export const numericInfer: InferRules<'fft' | 'cholesky' | 'triangular_solve'> = {
  fft,
  cholesky,
  triangular_solve: triangularSolve,
};
