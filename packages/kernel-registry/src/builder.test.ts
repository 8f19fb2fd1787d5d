import { describe, expect, it } from 'vitest';
import { buildProgram, ProgramBuilder } from './any-op.js';
import { inline } from './builder.js';
import * as emit from './emit/index.js';
import { evaluateProgram } from './evaluator/index.js';
import { equalPrograms } from './program/equal.js';
import { validateProgram } from './program/validate.js';
import { tensorType } from './tensor-type.js';

const f2 = tensorType('float32', [2]);
const f23 = tensorType('float32', [2, 3]);

describe('ProgramBuilder', () => {
  it('numbers values densely and infers types', () => {
    const builder = new ProgramBuilder();
    const x = builder.input(f23);
    const [values, indices] = emit.sort(builder, [x, emit.iota(builder, tensorType('int32', [2, 3]), 1)], 1);
    expect([values!.id, indices!.id, indices!.type.dtype]).toEqual([2, 3, 'int32']);
    const program = builder.build([indices!], 'argsort', [undefined]);
    validateProgram(program);
    expect(evaluateProgram(program, [Float32Array.of(3, 1, 2, 4, 6, 5)])[0]).toEqual(Int32Array.of(1, 2, 0, 0, 2, 1));
  });

  it('declares aliases and can go on after a build', () => {
    const builder = new ProgramBuilder();
    const x = builder.input(f2);
    const y = emit.negate(builder, x);
    const first = builder.build([y], 'step', [0]);
    emit.negate(builder, y);
    expect(first.instructions).toHaveLength(1);
    expect(first.inputs).toEqual([{ type: f2, aliases: 0 }]);
    expect(builder.build([y]).inputs).toEqual([{ type: f2 }]);
  });

  it('refuses inputs after ops and values of other builders', () => {
    const builder = new ProgramBuilder();
    const x = builder.input(f2);
    const foreign = emit.negate(builder, x);
    expect(() => builder.input(f2)).toThrow(/input after an op/);
    const other = new ProgramBuilder();
    other.input(f2);
    expect(() => emit.negate(other, foreign)).toThrow(/negate: value is not of this program/);
    expect(() => other.build([{ id: 0, type: f23 }])).toThrow(/value is not of this program/);
  });
});

describe('inline', () => {
  it('replays a program instruction by instruction', () => {
    const program = buildProgram([f2, f2], (e, x, y) => [emit.multiply(e, emit.add(e, x, y), x), y]);
    const again = buildProgram([f2, f2], (e, ...inputs) => inline(e, program, inputs));
    expect(equalPrograms(again, program)).toBe(true);
    expect(() => buildProgram([f2], (e, x) => inline(e, program, [x]))).toThrow(/expected 2, received 1/);
  });
});

describe('emit sugar', () => {
  const x = Float32Array.of(1, 2, 3, 4, 5, 6);
  const run = (body: Parameters<typeof buildProgram>[1]): unknown[] => {
    const program = buildProgram([f23], body);
    validateProgram(program);
    return evaluateProgram(program, [x]).map((array) => [...array]);
  };

  it('emits nothing where nothing changes', () => {
    const program = buildProgram([f23], (e, v) => [
      emit.convert(e, v, 'float32'),
      emit.reshape(e, v, [2, 3]),
      emit.broadcastTo(e, v, [2, 3]),
      emit.transpose(e, v, [0, 1]),
      emit.reverse(e, v, []),
      emit.reduceSum(e, v, []),
      emit.concatenate(e, [v], 0),
    ]);
    expect(program.instructions).toEqual([]);
  });

  it('reduces from the identity of the op', () => {
    const result = run((e, v) => [
      emit.reduceSum(e, v, [1]),
      emit.reduceProd(e, v, [0]),
      emit.reduceMax(e, v, [0, 1]),
      emit.reduceMin(e, v, [1]),
    ]);
    expect(result).toEqual([[6, 15], [4, 10, 18], [6], [1, 4]]);
  });

  it('broadcasts as NumPy does and back over reduced dimensions', () => {
    const result = run((e, v) => [
      emit.broadcastTo(e, emit.reduceSum(e, v, [0]), [2, 3]),
      emit.broadcastOver(e, emit.reduceSum(e, v, [1]), [2, 3], [1]),
    ]);
    expect(result).toEqual([
      [5, 7, 9, 5, 7, 9],
      [6, 6, 6, 15, 15, 15],
    ]);
    expect(() => run((e, v) => [emit.broadcastTo(e, v, [3])])).toThrow(/rank too high/);
  });

  it('contracts, slices and pools', () => {
    const window = {
      windowDimensions: [1, 2],
      windowStrides: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ] as [number, number][],
    };
    const result = run((e, v) => [
      emit.dotGeneral(e, v, v, { lhsContractingDimensions: [1], rhsContractingDimensions: [1] }),
      emit.sliceInDim(e, v, 1, 1, 3),
      emit.reduceWindowMax(e, v, window),
      emit.reduceWindowSum(e, v, window),
      emit.reduceWindowMin(e, v, window),
    ]);
    expect(result).toEqual([
      [14, 32, 32, 77],
      [2, 3, 5, 6],
      [2, 3, 5, 6],
      [3, 5, 9, 11],
      [1, 2, 4, 5],
    ]);
  });

  it('ands and ors booleans', () => {
    const type = tensorType('bool', [3]);
    const program = buildProgram([type], (e, v) => [emit.reduceAnd(e, v, [0]), emit.reduceOr(e, v, [0])]);
    expect(evaluateProgram(program, [Uint8Array.of(1, 0, 1)])).toEqual([Uint8Array.of(0), Uint8Array.of(1)]);
  });
});
