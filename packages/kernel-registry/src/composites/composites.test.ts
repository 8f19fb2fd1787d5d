import { describe, expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import type { Value } from '../builder.js';
import type { CompositeAttributes, CompositeDefinition } from '../composite.js';
import type { DType, HostArray } from '../dtype.js';
import * as emit from '../emit/index.js';
import { evaluateProgram } from '../evaluator/index.js';
import { expandComposites } from '../expand.js';
import { validateProgram } from '../program/validate.js';
import { tensorType } from '../tensor-type.js';
import * as composites from './index.js';
import { builtinComposites, erf, erfInv, logistic, logSoftmax, relu, rsqrt, softmax, threefry2x32 } from './index.js';
import * as goldens from './test-support/goldens.js';

function run(
  definition: CompositeDefinition,
  data: HostArray,
  shape: readonly number[] = [data.length],
  dtype: DType = 'float32',
  attributes: CompositeAttributes = {},
): HostArray {
  const program = buildProgram([tensorType(dtype, shape)], (e, x) => emit.composite(e, definition, [x], attributes));
  const expanded = expandComposites(program, () => false);
  validateProgram(expanded);
  expect(expanded.instructions.every(({ op }) => op !== 'composite')).toBe(true);
  return evaluateProgram(expanded, [data])[0]!;
}

function ulp32(x: number): number {
  const magnitude = Math.abs(Math.fround(x));
  return 2 ** Math.max(Math.floor(Math.log2(magnitude)) - 23, -149);
}

function expectUlps(actual: HostArray, expected: readonly number[], ulps: number): void {
  expected.forEach((value, i) => {
    const got = Number(actual[i]);
    if (Number.isFinite(value) && value !== 0) {
      expect(Math.abs(got - value) / ulp32(value), `element ${i}: ${got} for ${value}`).toBeLessThanOrEqual(ulps);
    } else {
      expect(got).toBe(value);
    }
  });
}

describe('erf and its inverse', () => {
  it('is within 2 ULP of SciPy, and odd', () => {
    expectUlps(run(erf, Float32Array.from(goldens.erfInputs)), goldens.erfOutputs, 2);
    const negated = goldens.erfOutputs.map((value) => -value);
    expectUlps(
      run(
        erf,
        Float32Array.from(goldens.erfInputs, (x) => -x),
      ),
      negated,
      2,
    );
    expect(run(erf, Float32Array.of(Number.NaN, Infinity, -Infinity))).toEqual(Float32Array.of(Number.NaN, 1, -1));
  });

  it('is within 1e-15 of SciPy in float64', () => {
    const actual = run(erf, Float64Array.from(goldens.erfInputs), undefined, 'float64');
    goldens.erfOutputs.forEach((value, i) => {
      expect(Math.abs(Number(actual[i]) - value)).toBeLessThanOrEqual(1e-15 * Math.abs(value));
    });
  });

  it('erf_inv is within 2 ULP of JAX', () => {
    expectUlps(run(erfInv, Float32Array.from(goldens.erfInvInputs)), goldens.erfInvOutputs, 2);
    expect(run(erfInv, Float32Array.of(1.5))).toEqual(Float32Array.of(Number.NaN));
  });

  it('erf_inv inverts erf in float64', () => {
    const x = Float64Array.from({ length: 61 }, (_, i) => (i - 30) / 12);
    const back = run(erfInv, run(erf, x, undefined, 'float64'), undefined, 'float64');
    // d erf⁻¹ magnifies erf's error by √π/2 · exp(x²).
    x.forEach((value, i) => {
      expect(Math.abs(Number(back[i]) - value)).toBeLessThanOrEqual(1e-15 * (1 + Math.exp(value * value)));
    });
  });

  it('rounds once from float32 in 16 bits', () => {
    const one = 0x3f80;
    expect(run(erf, Uint16Array.of(one), [1], 'bfloat16')).toEqual(Uint16Array.of(0x3f58));
  });
});

describe('threefry2x32', () => {
  it('gives the bits that JAX gives', () => {
    const half = goldens.threefryCounts.length / 2;
    const type = tensorType('uint32', [half]);
    const program = buildProgram([tensorType('uint32', [2]), type, type], (e, ...operands) =>
      emit.composite(e, threefry2x32, operands),
    );
    const counts = Uint32Array.from(goldens.threefryCounts);
    const inputs = [Uint32Array.from(goldens.threefryKey), counts.subarray(0, half), counts.subarray(half)];
    const [x, y] = evaluateProgram(program, inputs);
    expect([...x!, ...y!]).toEqual(goldens.threefryBits);
  });

  it('says what it takes', () => {
    const f = tensorType('float32', [2]);
    expect(() => buildProgram([f, f, f], (e, ...v) => emit.composite(e, threefry2x32, v))).toThrow(
      /ceratops.threefry2x32@1: bad operands, expected uint32\[2\] and two equal uint32 shapes, received float32\[2\]/,
    );
  });
});

describe('activations', () => {
  const x = Float64Array.of(-3, -0.4, 0, 0.7, 2.5, 11);
  const table: [string, CompositeDefinition, (x: number) => number][] = [
    ['logistic', logistic, (v) => 1 / (1 + Math.exp(-v))],
    ['relu', relu, (v) => Math.max(v, 0)],
  ];
  it.each(table)('%s is its formula', (_, definition, formula) => {
    const actual = run(definition, x, undefined, 'float64');
    x.forEach((v, i) => {
      expect(actual[i]).toBeCloseTo(formula(v), 14);
    });
  });

  it('rsqrt is its formula', () => {
    expect(run(rsqrt, Float64Array.of(4, 0.25, 0), undefined, 'float64')).toEqual(Float64Array.of(0.5, 2, Infinity));
  });

  it.each([0, 1])('softmax and log_softmax along axis %i, also for large logits', (axis) => {
    const data = Float64Array.of(1, 2, 3, 1000, 1001, 999);
    const rows =
      axis === 1
        ? [
            [0, 1, 2],
            [3, 4, 5],
          ]
        : [
            [0, 3],
            [1, 4],
            [2, 5],
          ];
    const probabilities = run(softmax, data, [2, 3], 'float64', { axis });
    const logs = run(logSoftmax, data, [2, 3], 'float64', { axis });
    for (const row of rows) {
      const top = Math.max(...row.map((i) => data[i]!));
      const total = row.reduce((sum, i) => sum + Math.exp(data[i]! - top), 0);
      for (const i of row) {
        expect(probabilities[i]).toBeCloseTo(Math.exp(data[i]! - top) / total, 14);
        expect(logs[i]).toBeCloseTo(data[i]! - top - Math.log(total), 12);
      }
    }
  });

  it('softmax refuses an axis out of range and integers', () => {
    expect(() => run(softmax, new Float32Array(4), [2, 2], 'float32', { axis: 2 })).toThrow(/axis out of range/);
    expect(() => run(softmax, new Int32Array(4), [2, 2], 'int32', { axis: 1 })).toThrow(/kind float/);
  });
});

describe('gradients', () => {
  const cases: [string, CompositeDefinition, CompositeAttributes, number[]][] = [
    ['erf', erf, {}, [-2.3, -0.5, 0.1, 0.9, 1.7, 3]],
    ['erf_inv', erfInv, {}, [-0.8, -0.4, 0.05, 0.3, 0.6, 0.8]],
    ['logistic', logistic, {}, [-4, -1, 0, 0.5, 2, 7]],
    ['relu', relu, {}, [-4, -1, -0.1, 0.5, 2, 7]],
    ['rsqrt', rsqrt, {}, [0.1, 0.5, 1, 2, 3, 10]],
    ['softmax', softmax, { axis: 1 }, [0.1, -0.5, 2, 0.3, 0.7, -1]],
    ['log_softmax', logSoftmax, { axis: 1 }, [0.1, -0.5, 2, 0.3, 0.7, -1]],
  ];
  const type = tensorType('float64', [2, 3]);
  const cotangent = Float64Array.of(0.3, -1.1, 0.8, 2, -0.6, 0.9);

  it.each(cases)('%s agrees with central differences', (_, definition, attributes, point) => {
    const program = buildProgram([type, type], (e, x, g) => {
      emit.composite(e, definition, [x], attributes);
      const { residuals } = definition.vjp!.forward(e, [x], attributes);
      return definition.vjp!.backward(e, residuals, [g], attributes) as Value[];
    });
    const [gradient] = evaluateProgram(program, [Float64Array.from(point), cotangent]);
    const objective = (values: readonly number[]): number => {
      const result = run(definition, Float64Array.from(values), [2, 3], 'float64', attributes);
      return cotangent.reduce((sum, g, i) => sum + g * Number(result[i]), 0);
    };
    point.forEach((_value, i) => {
      const step = 1e-5;
      const moved = (by: number): number[] => point.map((v, k) => (k === i ? v + by : v));
      const slope = (objective(moved(step)) - objective(moved(-step))) / (2 * step);
      expect(Math.abs(Number(gradient![i]) - slope)).toBeLessThanOrEqual(1e-8 * (1 + Math.abs(slope)));
    });
  });

  it('relu has the gradient 0 at 0, logistic a finite one where exp overflows', () => {
    const scalar = tensorType('float32', []);
    const slopeOf = (definition: CompositeDefinition, at: number): HostArray =>
      evaluateProgram(
        buildProgram([scalar, scalar], (e, x, g) => {
          emit.composite(e, definition, [x]);
          const { residuals } = definition.vjp!.forward(e, [x], {});
          return definition.vjp!.backward(e, residuals, [g], {}) as Value[];
        }),
        [Float32Array.of(at), Float32Array.of(1)],
      )[0]!;
    expect(slopeOf(relu, 0)).toEqual(Float32Array.of(0));
    expect(slopeOf(logistic, -200)).toEqual(Float32Array.of(0));
  });
});

it('lists every composite once', () => {
  const names = builtinComposites.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const exported = Object.values(composites).filter((value) => typeof value === 'object' && 'decompose' in value);
  expect(new Set(builtinComposites)).toEqual(new Set(exported));
});
