/** cholesky and triangular_solve: textbook loops on complex numbers in float64, rounded once at the end. */

import { isComplex } from '../dtype.js';
import { sizeOf } from '../tensor-type.js';
import { addComplex, complex, divideComplex, multiplyComplex, subtractComplex } from './complex.js';
import type { Context, EvaluateRule } from './context.js';
import { type Complex, createTensor, readerOf, type Tensor, writerOf } from './tensor.js';

/** Reads element (row, column) of a matrix. */
type Matrix = (row: number, column: number) => Complex;

const conjugate = ({ re, im }: Complex): Complex => complex(re, -im);

const transposed =
  (a: Matrix): Matrix =>
  (row, column) =>
    a(column, row);
const adjoint =
  (a: Matrix): Matrix =>
  (row, column) =>
    conjugate(a(column, row));

function matrixOf(tensor: Tensor, base: number, columns: number): Matrix {
  const read = readerOf(tensor);
  const pairs = isComplex(tensor.type.dtype);
  return (row, column) => {
    const value = read(base + row * columns + column);
    return pairs ? (value as Complex) : complex(value as number, 0);
  };
}

function matrixWriter(tensor: Tensor, base: number, columns: number, context: Context) {
  const write = writerOf(tensor);
  const round = context.round(tensor.type.dtype);
  const pairs = isComplex(tensor.type.dtype);
  return (row: number, column: number, { re, im }: Complex): void => {
    write(base + row * columns + column, pairs ? complex(round(re), round(im)) : round(re));
  };
}

function lastTwo({ type: { shape } }: Tensor): readonly [rows: number, columns: number, batches: number] {
  return [shape[shape.length - 2]!, shape[shape.length - 1]!, sizeOf(shape.slice(0, -2))];
}

/** `a = l · lᴴ` row by row, from the lower triangle of `a`; undefined where it is not positive definite. */
function factorize(a: Matrix, n: number): Complex[][] | undefined {
  const l: Complex[][] = [];
  for (let i = 0; i < n; i++) {
    l.push([]);
    for (let j = 0; j <= i; j++) {
      let rest = a(i, j);
      for (let k = 0; k < j; k++) rest = subtractComplex(rest, multiplyComplex(l[i]![k]!, conjugate(l[j]![k]!)));
      if (i === j && !(rest.re > 0)) return undefined;
      l[i]!.push(i === j ? complex(Math.sqrt(rest.re), 0) : divideComplex(rest, l[j]![j]!));
    }
  }
  return l;
}

/** Zero in the triangle that the factorisation does not define; all NaN, as in XLA, where there is none. */
export const evaluateCholesky: EvaluateRule<'cholesky'> = ({ operands, attributes: { lower } }, context) => {
  const [operand] = operands;
  const result = createTensor(operand!.type);
  const [n, , batches] = lastTwo(operand!);
  for (let batch = 0; batch < batches; batch++) {
    const a = matrixOf(operand!, batch * n * n, n);
    const write = matrixWriter(result, batch * n * n, n, context);
    // The upper factor of a is the adjoint of the lower factor of its adjoint.
    const l = factorize(lower ? a : adjoint(a), n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (!l) write(i, j, complex(NaN, NaN));
        else if (j <= i && lower) write(i, j, l[i]![j]!);
        else if (j <= i) write(j, i, conjugate(l[i]![j]!));
      }
    }
  }
  return [result];
};

interface Triangular {
  readonly at: Matrix;
  readonly lower: boolean;
  readonly unitDiagonal: boolean;
}

/** Substitution for one right-hand side. */
function substitute({ at, lower, unitDiagonal }: Triangular, rhs: readonly Complex[]): Complex[] {
  const n = rhs.length;
  const x = new Array<Complex>(n);
  for (let step = 0; step < n; step++) {
    const row = lower ? step : n - 1 - step;
    let known = complex(0, 0);
    for (let other = 0; other < step; other++) {
      const column = lower ? other : n - 1 - other;
      known = addComplex(known, multiplyComplex(at(row, column), x[column]!));
    }
    const rest = subtractComplex(rhs[row]!, known);
    x[row] = unitDiagonal ? rest : divideComplex(rest, at(row, row));
  }
  return x;
}

export const evaluateTriangularSolve: EvaluateRule<'triangular_solve'> = ({ operands, attributes }, context) => {
  const [a, b] = operands;
  const { leftSide, transposeA, unitDiagonal } = attributes;
  const result = createTensor(b!.type);
  const [n] = lastTwo(a!);
  const [rows, columns, batches] = lastTwo(b!);
  for (let batch = 0; batch < batches; batch++) {
    const plain = matrixOf(a!, batch * n * n, n);
    let at = transposeA === 'NO_TRANSPOSE' ? plain : transposeA === 'TRANSPOSE' ? transposed(plain) : adjoint(plain);
    let lower = attributes.lower === (transposeA === 'NO_TRANSPOSE');
    // x · A = b is Aᵀ · xᵀ = bᵀ: one system per row instead of one per column.
    if (!leftSide) {
      at = transposed(at);
      lower = !lower;
    }
    const system = { at, lower, unitDiagonal };
    const rhs = matrixOf(b!, batch * rows * columns, columns);
    const write = matrixWriter(result, batch * rows * columns, columns, context);
    for (let line = 0; line < (leftSide ? columns : rows); line++) {
      const vector = Array.from({ length: n }, (_, i) => (leftSide ? rhs(i, line) : rhs(line, i)));
      substitute(system, vector).forEach((value, i) => {
        if (leftSide) write(i, line, value);
        else write(line, i, value);
      });
    }
  }
  return [result];
};
