/** Ties, edges and complex conventions: literals printed by JAX 0.10.2 in x64, its expression beside each. */
import {
  buildProgram,
  comparatorRegion,
  type Emitter,
  isComplex,
  type Program,
  type ScatterAttributes,
  scalarRegion,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { assignRegion } from '@ceratops/kernel-registry/regions';
import { expect, it } from 'vitest';
import { gradientProgram } from './transform.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

interface Convention {
  /** The JAX expression. */
  readonly jax: string;
  readonly inputs: readonly (readonly number[])[];
  readonly cotangent: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly body: (e: Emitter, ...values: Value[]) => Value;
  /** Default: one vector of float64 per input. */
  readonly type?: TensorType;
}

const window = {
  windowDimensions: [2],
  windowStrides: [1],
  padding: [[0, 0]],
} as const;

const scalarUpdates = (body: Program): ScatterAttributes => ({
  updateWindowDims: [],
  insertedWindowDims: [0],
  inputBatchingDims: [],
  scatterIndicesBatchingDims: [],
  scatterDimsToOperandDims: [0],
  indexVectorDim: 1,
  indicesAreSorted: false,
  uniqueIndices: false,
  body,
});

const scatterAt =
  (at: readonly number[], body: Program) =>
  (e: Emitter, operand: Value, update: Value): Value => {
    const data = Int32Array.from(at);
    const indices = emit.constant(e, { type: tensorType('int32', [at.length, 1]), data });
    return emit.scatter(e, [operand], indices, [update], scalarUpdates(body))[0]!;
  };

const ones = (count: number): number[] => new Array<number>(count).fill(1);
const f64 = (op: 'maximum' | 'minimum'): Program => scalarRegion('float64', op);
const complexScalar = tensorType('complex128', []);

const conventions: readonly Convention[] = [
  {
    jax: 'vjp(lax.max, [1, 2, 3], [1, 3, 2])',
    inputs: [
      [1, 2, 3],
      [1, 3, 2],
    ],
    cotangent: ones(3),
    gradients: [
      [0.5, 0, 1],
      [0.5, 1, 0],
    ],
    body: emit.maximum,
  },
  {
    jax: 'vjp(lax.min, [1, 2, 3], [1, 3, 2])',
    inputs: [
      [1, 2, 3],
      [1, 3, 2],
    ],
    cotangent: ones(3),
    gradients: [
      [0.5, 1, 0],
      [0.5, 0, 1],
    ],
    body: emit.minimum,
  },
  { jax: 'vjp(lax.max, [nan], [1])', inputs: [[nan], [1]], cotangent: [1], gradients: [[0], [0]], body: emit.maximum },
  {
    jax: 'vjp(lax.abs, [0, -0, nan, -1])',
    inputs: [[0, -0, nan, -1]],
    cotangent: ones(4),
    gradients: [[1, 1, -1, -1]],
    body: emit.abs,
  },
  { jax: 'vjp(lax.sign, [0.7, 0])', inputs: [[0.7, 0]], cotangent: ones(2), gradients: [[0, 0]], body: emit.sign },
  { jax: 'grad(lax.sqrt)(0)', inputs: [[0]], cotangent: [1], gradients: [[inf]], body: emit.sqrt },
  { jax: 'grad(lax.log)(0)', inputs: [[0]], cotangent: [1], gradients: [[inf]], body: emit.log },
  {
    jax: 'vjp(lax.tanh, [20, 0.5])',
    inputs: [[20, 0.5]],
    cotangent: ones(2),
    gradients: [[0, 0.7864477329659274]],
    body: emit.tanh,
  },
  {
    jax: 'vjp(lax.pow, [0, 0, 0, 2, 0, -2], [0, 1, 2, 0, 3, 3])',
    inputs: [
      [0, 0, 0, 2, 0, -2],
      [0, 1, 2, 0, 3, 3],
    ],
    cotangent: ones(6),
    gradients: [
      [nan, 1, 0, 0, 0, 12],
      [0, 0, 0, Math.LN2, 0, nan],
    ],
    body: emit.power,
  },
  {
    jax: 'vjp(lax.rem, [7, -7, 7, 6], [3, 3, -3, 3])',
    inputs: [
      [7, -7, 7, 6],
      [3, 3, -3, 3],
    ],
    cotangent: ones(4),
    gradients: [
      [1, 1, 1, 1],
      [-2, 2, 2, -2],
    ],
    body: emit.remainder,
  },
  {
    jax: 'vjp(lax.div, [1, 0], [0, 0])',
    inputs: [
      [1, 0],
      [0, 0],
    ],
    cotangent: ones(2),
    gradients: [
      [inf, inf],
      [-inf, nan],
    ],
    body: emit.divide,
  },
  {
    jax: 'vjp(lambda x: lax.reduce_max(x, (0,)), [2, 5, 5, 1, 5])',
    inputs: [[2, 5, 5, 1, 5]],
    cotangent: [1],
    gradients: [[0, 1 / 3, 1 / 3, 0, 1 / 3]],
    body: (e, x) => emit.reduceMax(e, x, [0]),
  },
  {
    jax: 'vjp(jnp.prod, [2, 0, 3])',
    inputs: [[2, 0, 3]],
    cotangent: [1],
    gradients: [[0, 6, 0]],
    body: (e, x) => emit.reduceProd(e, x, [0]),
  },
  {
    jax: 'vjp(lambda x: lax.reduce_window(x, -inf, lax.max, (2,), (1,), "VALID"), [1, 1, 0, 2, 2, 2])',
    inputs: [[1, 1, 0, 2, 2, 2]],
    cotangent: [1, 2, 3, 4, 5],
    gradients: [[1, 2, 0, 7, 5, 0]],
    body: (e, x) => emit.reduceWindowMax(e, x, window),
  },
  {
    jax: 'vjp(lambda x: lax.reduce_window(x, inf, lax.min, (2,), (1,), "VALID"), [1, 1, 0, 2, 2, 2])',
    inputs: [[1, 1, 0, 2, 2, 2]],
    cotangent: [1, 2, 3, 4, 5],
    gradients: [[1, 0, 5, 4, 5, 0]],
    body: (e, x) => emit.reduceWindowMin(e, x, window),
  },
  {
    jax: 'vjp(lax.sort, [2, 1, 2, 1])',
    inputs: [[2, 1, 2, 1]],
    cotangent: [1, 2, 3, 4],
    gradients: [[3, 1, 4, 2]],
    body: (e, x) => emit.sort(e, [x], 0, comparatorRegion(['float64'], 'LT'))[0]!,
  },
  {
    jax: 'vjp(lambda x, u: x.at[[0, 0, 2]].set(u), [1, 2, 3], [4, 5, 6])',
    inputs: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    cotangent: [1, 2, 3],
    gradients: [
      [0, 2, 0],
      [0, 1, 3],
    ],
    body: scatterAt([0, 0, 2], assignRegion('float64')),
  },
  {
    jax: 'vjp(lambda x, u: x.at[[0, 0, 1]].max(u), [4, 2, 3], [4, 4, 2])',
    inputs: [
      [4, 2, 3],
      [4, 4, 2],
    ],
    cotangent: [6, 3, 1],
    gradients: [
      [2, 1.5, 1],
      [2, 2, 1.5],
    ],
    body: scatterAt([0, 0, 1], f64('maximum')),
  },
  {
    jax: 'vjp(lambda x, u: x.at[[0, 0, 1]].min(u), [4, 2, 3], [4, 4, 2])',
    inputs: [
      [4, 2, 3],
      [4, 4, 2],
    ],
    cotangent: [6, 3, 1],
    gradients: [
      [2, 1.5, 1],
      [2, 2, 1.5],
    ],
    body: scatterAt([0, 0, 1], f64('minimum')),
  },
  {
    jax: 'grad(lambda a: sum(cholesky(a) * [[1, 0], [2, 3]]))([[4, 1], [1, 3]])',
    inputs: [[4, 1, 1, 3]],
    type: tensorType('float64', [2, 2]),
    cotangent: [1, 0, 2, 3],
    gradients: [[0.18153338, 0.27386649, 0.27386649, 0.90453403]],
    body: (e, x) => emit.cholesky(e, x),
  },
  {
    jax: 'grad(lax.abs)(3+4j)',
    inputs: [[3, 4]],
    type: complexScalar,
    cotangent: [1],
    gradients: [[0.6, -0.8]],
    body: emit.abs,
  },
  {
    jax: 'grad(lax.abs)(0j)',
    inputs: [[0, 0]],
    type: complexScalar,
    cotangent: [1],
    gradients: [[0, 0]],
    body: emit.abs,
  },
  {
    jax: 'grad(lambda z: real(z * z))(3+4j)',
    inputs: [[3, 4]],
    type: complexScalar,
    cotangent: [1],
    gradients: [[6, 8]],
    body: (e, z) => emit.real(e, emit.multiply(e, z, z)),
  },
  {
    jax: 'grad(lambda z: imag(exp(z)))(0.5+1j)',
    inputs: [[0.5, 1]],
    type: complexScalar,
    cotangent: [1],
    gradients: [[1.3873511113297634, -0.8908079042931287]],
    body: (e, z) => emit.imag(e, emit.exponential(e, z)),
  },
  {
    jax: 'vjp(lambda z: z * z * z, 1+2j)(1-1j)',
    inputs: [[1, 2]],
    type: complexScalar,
    cotangent: [1, -1],
    gradients: [[3, 21]],
    body: (e, z) => emit.multiply(e, z, emit.multiply(e, z, z)),
  },
];

it.each(conventions)('$jax', ({ inputs, cotangent, gradients, body, type }) => {
  const types = inputs.map((values) => type ?? tensorType('float64', [values.length]));
  const program = buildProgram(types, (e, ...values) => [body(e, ...values)]);
  const wrt = inputs.map((_, index) => index);
  const arrays = [...inputs, cotangent].map((values) => Float64Array.from(values));
  const received = evaluateProgram(gradientProgram(program, { wrt }), arrays).slice(1);
  received.forEach((gradient, i) => {
    // The cholesky literals have eight digits.
    const digits = type !== undefined && !isComplex(type.dtype) ? 8 : 13;
    gradients[i]!.forEach((expected, k) => {
      const value = (gradient as Float64Array)[k]!;
      if (Number.isFinite(expected)) expect(value).toBeCloseTo(expected, digits);
      else expect(value).toBe(expected);
    });
  });
});
