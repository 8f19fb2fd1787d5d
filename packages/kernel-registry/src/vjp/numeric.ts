/** Reverse mode of FFT and the dense factorisations. */
import type { Emitter, Value } from '../builder.js';
import { isComplex } from '../dtype.js';
import * as emit from '../emit/index.js';
import type { OpAttributes } from '../opset.js';
import { type Cotangent, linear, noGradient, perOperand, type SingleContext, type VjpRules } from './rule.js';
import { conjugate, keepWhere, scale, zeroScalar } from './support.js';

export const numericVjp: VjpRules<'fft' | 'cholesky' | 'triangular_solve'> = {
  fft: linear(({ emitter, cotangent, attributes }) => [
    transposedFft[attributes.fftType](emitter, cotangent, attributes),
  ]),
  cholesky: perOperand(choleskyVjp),
  triangular_solve: {
    kind: 'own',
    vjp: (context) => solveVjp({ ...context, result: context.results[0]!, cotangent: context.cotangents[0]! }),
  },
};

type FftTranspose = (e: Emitter, cotangent: Value, attributes: OpAttributes['fft']) => Value;

/** The matrices of FFT and IFFT are symmetric; the real transforms are those with a restriction on one side. */
const transposedFft: { readonly [T in OpAttributes['fft']['fftType']]: FftTranspose } = {
  FFT: (e, ct, { fftLength }) => emit.fft(e, ct, 'FFT', fftLength),
  IFFT: (e, ct, { fftLength }) => emit.fft(e, ct, 'IFFT', fftLength),
  RFFT: (e, ct, { fftLength }) => {
    const axes = ct.type.shape.map((_, axis) => axis);
    const missing = fftLength.at(-1)! - ct.type.shape.at(-1)!;
    const low = axes.map(() => 0);
    const high = axes.map((axis) => (axis === axes.length - 1 ? missing : 0));
    return emit.real(e, emit.fft(e, emit.pad(e, ct, zeroScalar(e, ct), low, high), 'FFT', fftLength));
  },
  IRFFT: (e, ct, { fftLength }) => {
    const half = emit.fft(e, ct, 'RFFT', fftLength);
    const weights = emit.multiply(e, half, mirroredWeights(e, half, fftLength));
    return conjugate(e, weights);
  },
};

/** How often IRFFT uses each coefficient, over the number of points: twice where it has a mirror image. */
function mirroredWeights(e: Emitter, half: Value, fftLength: readonly number[]): Value {
  const count = half.type.shape.at(-1)!;
  const mirrored = Math.ceil(fftLength.at(-1)! / 2) - 1;
  const points = fftLength.reduce((product, length) => product * length, 1);
  const { dtype } = half.type;
  const part = (size: number, weight: number): Value => emit.fill(e, { dtype, shape: [size] }, weight / points);
  const sizes = [
    [1, 1],
    [mirrored, 2],
    [count - 1 - mirrored, 1],
  ] as const;
  const parts = sizes.filter(([size]) => size > 0).map(([size, weight]) => part(size, weight));
  return emit.broadcastTo(e, emit.concatenate(e, parts, 0), half.type.shape);
}

function swapLast(e: Emitter, x: Value): Value {
  const axes = x.type.shape.map((_, axis) => axis);
  const rank = axes.length;
  return emit.transpose(e, x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/** x · y over the last two dimensions. */
function matmul(e: Emitter, x: Value, y: Value): Value {
  const rank = x.type.shape.length;
  const batch = x.type.shape.slice(0, -2).map((_, axis) => axis);
  return emit.dotGeneral(e, x, y, {
    lhsBatchingDimensions: batch,
    rhsBatchingDimensions: batch,
    lhsContractingDimensions: [rank - 1],
    rhsContractingDimensions: [rank - 2],
  });
}

/** Where row ≥ column, > with `strict`; or the mirror image. */
function triangle(e: Emitter, x: Value, lower: boolean, strict: boolean): Value {
  const { shape } = x.type;
  const rows = emit.iota(e, { dtype: 'int32', shape }, shape.length - 2);
  const columns = emit.iota(e, { dtype: 'int32', shape }, shape.length - 1);
  const [a, b] = lower ? [rows, columns] : [columns, rows];
  return emit.compare(e, a, b, strict ? 'GT' : 'GE');
}

/**
 * A = L Lᵀ: Ā = ½ L⁻ᵀ (Φ + Φᵀ) L⁻¹ with Φ = tril(Lᵀ L̄), its diagonal halved. The gradient is symmetric, for the op is
 * a function of symmetric matrices. (Murray, "Differentiation of the Cholesky decomposition", 2016.)
 */
function choleskyVjp(context: SingleContext<'cholesky'>): Cotangent {
  const { emitter: e, attributes, result, cotangent } = context;
  if (isComplex(result.type.dtype)) {
    throw noGradient('cholesky', 'complex matrices', 'factor the equivalent real matrix');
  }
  const factor = attributes.lower ? result : swapLast(e, result);
  const factorBar = attributes.lower ? cotangent : swapLast(e, cotangent);
  const product = matmul(e, swapLast(e, factor), factorBar);
  const below = keepWhere(e, triangle(e, product, true, true), product);
  const isDiagonal = emit.not(e, emit.xor(e, triangle(e, product, true, false), triangle(e, product, false, false)));
  const onDiagonal = scale(e, keepWhere(e, isDiagonal, product), 0.5);
  const half = emit.add(e, below, onDiagonal);
  const symmetric = scale(e, emit.add(e, half, swapLast(e, half)), 0.5);
  const solve = (b: Value, leftSide: boolean): Value =>
    emit.triangularSolve(e, factor, b, {
      leftSide,
      lower: true,
      unitDiagonal: false,
      transposeA: leftSide ? 'TRANSPOSE' : 'NO_TRANSPOSE',
    });
  return solve(solve(symmetric, true), false);
}

/** op(A) X = B or X op(A) = B: B̄ solves with op(A)ᵀ, and Ā is −B̄ Xᵀ (or −Xᵀ B̄) through op, on A's triangle. */
function solveVjp(context: SingleContext<'triangular_solve'>): readonly Cotangent[] {
  const { emitter: e, operands, attributes, result: x, cotangent, needed } = context;
  const { leftSide, lower, unitDiagonal, transposeA } = attributes;
  const a = operands[0]!;
  const conjugated = transposeA === 'ADJOINT' && isComplex(a.type.dtype);
  const matrix = conjugated ? conjugate(e, a) : a;
  const bBar = emit.triangularSolve(e, matrix, cotangent, {
    ...attributes,
    transposeA: transposeA === 'NO_TRANSPOSE' ? 'TRANSPOSE' : 'NO_TRANSPOSE',
  });
  if (!needed[0]) return [undefined, bBar];
  const opBar = leftSide ? matmul(e, bBar, swapLast(e, x)) : matmul(e, swapLast(e, x), bBar);
  const matrixBar = emit.negate(e, transposeA === 'NO_TRANSPOSE' ? opBar : swapLast(e, opBar));
  const aBar = conjugated ? conjugate(e, matrixBar) : matrixBar;
  return [keepWhere(e, triangle(e, aBar, lower, unitDiagonal), aBar), needed[1] ? bBar : undefined];
}
