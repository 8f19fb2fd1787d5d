import { describe, expect, it } from 'vitest';
import { buildProgram } from './any-op.js';
import { assignRegion, isAssign } from './assign-region.js';
import { comparatorDirection } from './comparator-direction.js';
import { type DType, dtypes, isComplex } from './dtype.js';
import * as emit from './emit/index.js';
import { evaluateProgram } from './evaluator/index.js';
import { encodeScalar, splat, splatValue } from './literal.js';
import { validateProgram } from './program/validate.js';
import { comparatorRegion, identityOf, type ReducerOp, reducerKind, scalarRegion } from './region.js';
import { tensorType } from './tensor-type.js';

const f = tensorType('float32', []);
const reducers: readonly ReducerOp[] = ['add', 'multiply', 'maximum', 'minimum', 'and', 'or', 'xor'];

describe('regions', () => {
  it('are valid, cached and recognised', () => {
    for (const op of reducers) {
      const region = scalarRegion('int32', op);
      validateProgram(region);
      expect(region).toBe(scalarRegion('int32', op));
      expect(reducerKind(region)).toBe(op);
    }
    const comparator = comparatorRegion(['float32', 'int32'], 'GT');
    validateProgram(comparator);
    expect(comparatorDirection(comparator)).toBe('GT');
    expect(isAssign(assignRegion('bool'))).toBe(true);
  });

  it('are recognised by structure, not by name or object', () => {
    expect(reducerKind(buildProgram([f, f], (e, a, b) => [emit.maximum(e, b, a)], 'mine'))).toBe('maximum');
    expect(reducerKind(buildProgram([f, f], (e, a) => [emit.add(e, a, a)]))).toBeUndefined();
    expect(reducerKind(buildProgram([f, f], (e, a, b) => [emit.subtract(e, a, b)]))).toBeUndefined();
    expect(reducerKind({ ...scalarRegion('float32', 'add'), outputs: [0] })).toBeUndefined();
    expect(reducerKind(buildProgram([f, f], (e, a, b) => [emit.negate(e, emit.add(e, a, b))]))).toBeUndefined();
    expect(comparatorDirection(buildProgram([f, f], (e, a, b) => [emit.compare(e, b, a, 'LT')]))).toBeUndefined();
    expect(isAssign(scalarRegion('float32', 'add'))).toBe(false);
  });

  const pairs = (Object.keys(dtypes) as DType[])
    .filter((dtype) => !isComplex(dtype))
    .flatMap((dtype) => reducers.map((op) => [op, dtype] as const))
    .filter(([op, dtype]) => !['and', 'or', 'xor'].includes(op) || dtypes[dtype].kind !== 'float');

  it.each(pairs)('identity of %s in %s changes no element', (op, dtype) => {
    const type = tensorType(dtype, [3]);
    const { host, kind } = dtypes[dtype];
    const wide = dtype === 'int64' || dtype === 'uint64';
    const values = [0, 1, kind === 'uint' || kind === 'bool' ? 1 : -5];
    const data = new host(3);
    values.forEach((value, i) => {
      data[i] = encodeScalar(dtype, wide ? BigInt(value) : value)[0]!;
    });
    const program = buildProgram([type], (e, x) => {
      const identity = emit.constant(e, splat(type, identityOf(op, dtype)));
      return e.emit(op, [identity, x], {});
    });
    expect(evaluateProgram(program, [data])[0]).toEqual(data);
  });
});

describe('splat', () => {
  it.each<[DType, number | bigint | boolean, number | bigint]>([
    ['float32', 0.1, Math.fround(0.1)],
    ['float16', 1.5, 1.5],
    ['bfloat16', -3, -3],
    ['bool', true, 1],
    ['int64', 7, 7n],
    ['uint64', (1n << 64n) - 1n, (1n << 64n) - 1n],
  ])('holds one %s', (dtype, value, expected) => {
    const literal = splat(tensorType(dtype, [4]), value);
    expect(literal.data).toHaveLength(1);
    expect(splatValue(literal)).toBe(expected);
  });
});
