/** Scans and loops, decomposed, against the reference evaluator. */
import { buildProgram, expandComposites, type Program, type TensorType, tensorType } from '@ceratops/kernel-registry';
import { boundedWhile, emitScan } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, it } from 'vitest';
import { expectProgram, generator } from '../test-support/check.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = tensorType('int32', []);
const random = generator(41);
const floats = (size: number): Float32Array => Float32Array.from({ length: size }, () => random() * 2 - 1);

function check(program: Program, inputs: readonly (Float32Array | Int32Array)[]): void {
  expectProgram(
    expandComposites(program, () => false),
    inputs,
  );
}

/** (w; h, n; x) → (h', n + 1; h', h): a recurrent step that keeps what it came from. */
const step = buildProgram([f32(8, 8), f32(4, 8), i32, f32(4, 8)], (e, w, h, n, x) => {
  const product = emit.dotGeneral(e, h!, w!, {
    lhsBatchingDimensions: [],
    rhsBatchingDimensions: [],
    lhsContractingDimensions: [1],
    rhsContractingDimensions: [0],
    precision: 'default',
  });
  const next = emit.tanh(e, emit.add(e, product, x!));
  return [next, emit.add(e, n!, emit.constantLike(e, n!, 1)), next, h!];
});

describe('scan', () => {
  it.each([
    [0, false],
    [1, false],
    [2, true],
    [7, false],
    [7, true],
  ])('of %i iterations, reversed: %s', (length, reverse) => {
    const program = buildProgram([f32(8, 8), f32(4, 8), i32, f32(length, 4, 8)], (e, w, h, n, x) => {
      const { carries, stacks } = emitScan(
        e,
        { constants: [w!], carries: [h!, n!], elements: [x!] },
        { body: step, length, reverse },
      );
      // Everything that the loop does not change is used after it too.
      return [...carries, ...stacks, emit.add(e, w!, w!), emit.negate(e, x!), h!];
    });
    check(program, [floats(64), floats(32), Int32Array.of(5), floats(length * 32)]);
  });

  it('of constants that are computed, and that are results', () => {
    const program = buildProgram([f32(8, 8), f32(3, 4, 8)], (e, w, x) => {
      const twice = emit.add(e, w!, w!);
      const initial = emit.fill(e, f32(4, 8), 0.25);
      const operands = { constants: [twice], carries: [initial, emit.fill(e, i32, 0)], elements: [x!] };
      const { carries } = emitScan(e, operands, { body: step, length: 3, reverse: false });
      return [twice, ...carries, initial];
    });
    check(program, [floats(64), floats(96)]);
  });

  it('inside of scans', () => {
    const outer = buildProgram([f32(8, 8), f32(4, 8), i32, f32(3, 4, 8)], (e, w, h, n, x) => {
      const operands = { constants: [w!], carries: [h!, n!], elements: [x!] };
      const { carries, stacks } = emitScan(e, operands, { body: step, length: 3, reverse: true });
      return [...carries, ...stacks];
    });
    const program = buildProgram([f32(8, 8), f32(4, 8), i32, f32(2, 3, 4, 8)], (e, w, h, n, x) => {
      const operands = { constants: [w!], carries: [h!, n!], elements: [x!] };
      const { carries, stacks } = emitScan(e, operands, { body: outer, length: 2, reverse: false });
      return [...carries, ...stacks];
    });
    check(program, [floats(64), floats(32), Int32Array.of(0), floats(192)]);
  });
});

describe('a bounded while loop', () => {
  it.each([0, 3, 50])('of at most %i iterations', (maximum) => {
    const types = [f32(5), i32, f32(5)];
    const condition = buildProgram(types, (e, _x, n) => [emit.compare(e, n!, emit.constantLike(e, n!, 7), 'LT')]);
    const body = buildProgram(types, (e, x, n, y) => [
      emit.add(e, x!, y!),
      emit.add(e, n!, emit.constantLike(e, n!, 1)),
      y!,
    ]);
    const program = buildProgram(types, (e, ...values) =>
      emit.composite(e, boundedWhile, values, { condition, body, maximum }),
    );
    check(program, [floats(5), Int32Array.of(0), floats(5)]);
  });
});
