import { buildProgram, type Shape, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { CpuBackend } from '../../backend.js';
import { expectProgram, randomInputs } from '../../test-support/check.js';

const f32 = (shape: Shape) => tensorType('float32', shape);

/** A product of (batch, 1, k) by (batch, k, n), where a matrix may be stored transposed. */
function program(batch: number, k: number, n: number, transposed: boolean, vectorFirst: boolean) {
  const matrix = f32(transposed ? [batch, n, k] : [batch, k, n]);
  const vector = f32([batch, k]);
  const dimensions = { matrix: transposed ? 2 : 1, vector: 1 };
  return buildProgram(vectorFirst ? [vector, matrix] : [matrix, vector], (e, a, b) => [
    emit.dotGeneral(e, a!, b!, {
      lhsBatchingDimensions: [0],
      rhsBatchingDimensions: [0],
      lhsContractingDimensions: [vectorFirst ? dimensions.vector : dimensions.matrix],
      rhsContractingDimensions: [vectorFirst ? dimensions.matrix : dimensions.vector],
    }),
  ]);
}

const sizes = [
  [1, 1024, 256],
  [1, 8, 300],
  [1, 7, 301],
  [1, 131, 17],
  [1, 2500, 1],
  [1, 1000, 3],
  [1, 30, 9001],
  [5, 64, 48],
  [3, 37, 61],
  [6, 500, 1],
] as const;

describe('a matrix times a vector', () => {
  for (const transposed of [false, true])
    for (const vectorFirst of [false, true])
      it.each(sizes)(`%i × (%i by %i), transposed: ${transposed}, vector first: ${vectorFirst}`, (batch, k, n) => {
        const product = program(batch, k, n, transposed, vectorFirst);
        expectProgram(product, randomInputs(product), { relative: 3e-6 });
      });

  it.each([
    [false, '1×512×512, rows added up'],
    [true, '512×512×1, a sum for each row'],
  ])('has a kernel of its own, transposed: %s', (transposed, expected) => {
    const backend = new CpuBackend({ threads: 1 });
    expect(backend.compile(program(1, 512, 512, transposed, true)).explain()).toContain(`matrix-vector ${expected}`);
  });
});
