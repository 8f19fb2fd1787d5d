import type { Emitter, OpAttributes, Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { floats, func, type GradientCase, nonZero } from './case.js';

/** Real functions through complex numbers: (re, im) in, (re, im) out. */
function throughComplex(name: string, shape: readonly number[], body: (e: Emitter, z: Value) => Value): GradientCase {
  return func(name, [nonZero(shape), nonZero(shape, 0.3, 2)], (e, re, im) => {
    const w = body(e, emit.complex(e, re!, im!));
    return [emit.real(e, w), emit.imag(e, w)];
  });
}

function triangular(
  leftSide: boolean,
  lower: boolean,
  transposeA: OpAttributes['triangular_solve']['transposeA'],
  unitDiagonal = false,
): GradientCase {
  const note = `${leftSide ? 'left' : 'right'}, ${lower ? 'lower' : 'upper'}, ${transposeA}${unitDiagonal ? ', unit' : ''}`;
  const b = leftSide ? [2, 3, 2] : [2, 2, 3];
  return func(`triangular_solve: ${note}`, [floats([2, 3, 3], 0.5, 1.5), floats(b, -2, 2, 2)], (e, a, x) => [
    emit.triangularSolve(e, a!, x!, { leftSide, lower, transposeA, unitDiagonal }),
  ]);
}

/** The factor of M Mᵀ + I for any M, so that differences keep the matrix symmetric. */
function cholesky(lower: boolean): GradientCase {
  return func(`cholesky: ${lower ? 'lower' : 'upper'}`, [floats([2, 3, 3])], (e, m) => {
    const square = emit.dotGeneral(e, m!, m!, {
      lhsBatchingDimensions: [0],
      rhsBatchingDimensions: [0],
      lhsContractingDimensions: [2],
      rhsContractingDimensions: [2],
    });
    const { shape } = square.type;
    const rows = emit.iota(e, { dtype: 'int32', shape }, 1);
    const columns = emit.iota(e, { dtype: 'int32', shape }, 2);
    const identity = emit.convert(e, emit.compare(e, rows, columns, 'EQ'), 'float64');
    const factor = emit.cholesky(e, emit.add(e, square, identity), lower);
    // What lies in the other triangle is up to the implementation.
    const ours = emit.compare(e, rows, columns, lower ? 'GE' : 'LE');
    return [emit.select(e, ours, factor, emit.constantLike(e, factor, 0))];
  });
}

export const numericCases: readonly GradientCase[] = [
  throughComplex('complex, real, imag', [3], (_e, z) => z),
  throughComplex('complex multiply', [3], (e, z) => emit.multiply(e, z, z)),
  throughComplex('complex divide', [3], (e, z) => emit.divide(e, emit.exponential(e, z), z)),
  throughComplex('complex tanh, sine and log', [3], (e, z) =>
    emit.add(e, emit.tanh(e, z), emit.multiply(e, emit.sine(e, z), emit.log(e, z))),
  ),
  throughComplex('complex fft', [2, 4], (e, z) => emit.fft(e, z, 'FFT', [2, 4])),
  throughComplex('complex ifft', [2, 3], (e, z) => emit.fft(e, z, 'IFFT', [3])),
  func('abs: complex', [nonZero([3]), nonZero([3], 0.3, 2)], (e, re, im) => [emit.abs(e, emit.complex(e, re!, im!))]),
  func('real and imag of a real number', [floats([3])], (e, x) => [emit.real(e, x), emit.imag(e, x)]),
  func('convert: real to complex and back', [floats([3])], (e, x) => {
    const z = emit.convert(e, x, 'complex128');
    return [emit.convert(e, emit.multiply(e, z, z), 'float64')];
  }),
  ...[[4], [5], [2, 4], [2, 3]].map((length) =>
    func(`fft: RFFT ${length}`, [floats([2, ...length])], (e, x) => {
      const z = emit.fft(e, x, 'RFFT', length);
      return [emit.real(e, z), emit.imag(e, z)];
    }),
  ),
  ...[[4], [5], [2, 4], [1]].map((length) => {
    const half = [2, ...length.slice(0, -1), Math.floor(length.at(-1)! / 2) + 1];
    return func(`fft: IRFFT ${length}`, [floats(half), floats(half, -2, 2, 2)], (e, re, im) => [
      emit.fft(e, emit.complex(e, re!, im!), 'IRFFT', length),
    ]);
  }),
  cholesky(true),
  cholesky(false),
  triangular(true, true, 'NO_TRANSPOSE'),
  triangular(true, false, 'NO_TRANSPOSE', true),
  triangular(true, true, 'TRANSPOSE'),
  triangular(false, true, 'NO_TRANSPOSE'),
  triangular(false, false, 'ADJOINT'),
  triangular(false, true, 'TRANSPOSE', true),
];
