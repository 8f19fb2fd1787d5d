import {
  buildProgram,
  type Emitter,
  type Program,
  type Shape,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { CpuBackend } from '../backend.js';
import { expectProgram, randomInputs } from '../test-support/check.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);

function dot(e: Emitter, a: Value, b: Value): Value {
  return emit.dotGeneral(e, a, b, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
}

function biased(e: Emitter, x: Value, bias: Value): Value {
  const { shape } = x.type;
  return emit.add(e, x, emit.broadcastInDim(e, bias, shape, [shape.length - 1]));
}

function relu(e: Emitter, x: Value): Value {
  return emit.maximum(e, x, emit.constantLike(e, x, 0));
}

function dense(rows: number, contracted: number, columns: number): Program {
  return buildProgram([f32(rows, contracted), f32(contracted, columns), f32(columns)], (e, x, w, b) => [
    relu(e, biased(e, dot(e, x!, w!), b!)),
  ]);
}

function convolution(image: Shape, kernel: Shape): Program {
  return buildProgram([f32(...image), f32(...kernel), f32(kernel[3]!)], (e, x, w, b) => {
    const y = emit.convolution(e, x!, w!, {
      ...{ inputBatchDimension: 0, inputFeatureDimension: 3, inputSpatialDimensions: [1, 2] },
      ...{ kernelInputFeatureDimension: 2, kernelOutputFeatureDimension: 3, kernelSpatialDimensions: [0, 1] },
      ...{ outputBatchDimension: 0, outputFeatureDimension: 3, outputSpatialDimensions: [1, 2] },
      ...{
        windowStrides: [1, 1],
        padding: [
          [0, 0],
          [0, 0],
        ],
        lhsDilation: [1, 1],
        rhsDilation: [1, 1],
      },
      ...{ windowReversal: [false, false], featureGroupCount: 1, batchGroupCount: 1 },
      ...{ precision: 'default', dtype: 'float32' },
    });
    return [relu(e, biased(e, y, b!))];
  });
}

const batched = buildProgram([f32(3, 200, 40), f32(3, 40, 32)], (e, a, b) => {
  const numbers = { lhsBatchingDimensions: [0], rhsBatchingDimensions: [0] };
  const contracted = { lhsContractingDimensions: [2], rhsContractingDimensions: [1] };
  return [relu(e, emit.dotGeneral(e, a!, b!, { ...numbers, ...contracted }))];
});

const joined: Readonly<Record<string, Program>> = {
  'a dense layer': dense(500, 70, 48),
  'rows that are no whole tiles': dense(1001, 33, 17),
  'a convolution': convolution([4, 20, 20, 8], [3, 3, 8, 24]),
  'no bias': buildProgram([f32(300, 64), f32(64, 20)], (e, x, w) => [relu(e, dot(e, x!, w!))]),
  'a batch of products': batched,
  'an operand of the size of the result': buildProgram([f32(400, 30), f32(30, 64), f32(400, 64)], (e, x, w, y) => [
    emit.add(e, emit.multiply(e, dot(e, x!, w!), y!), y!),
  ]),
  'a result that is kept too': buildProgram([f32(400, 30), f32(30, 64)], (e, x, w) => {
    const product = dot(e, x!, w!);
    return [product, emit.exponential(e, product)];
  }),
  'a layer after a layer': buildProgram([f32(300, 40), f32(40, 40), f32(40)], (e, x, w, b) => {
    const y = relu(e, biased(e, dot(e, x!, w!), b!));
    return [relu(e, biased(e, dot(e, y, w!), b!))];
  }),
};

const apart: Readonly<Record<string, Program>> = {
  'items that share rows': dense(8, 300, 900),
  'short rows': dense(900, 300, 8),
  'a transposed reader': buildProgram([f32(300, 64), f32(64, 32)], (e, x, w) => [
    relu(e, emit.transpose(e, dot(e, x!, w!), [1, 0])),
  ]),
};

describe('what follows a product runs on the rows of its items', () => {
  const backend = new CpuBackend({ threads: 1 });

  it.each(Object.entries(joined))('%s', (_, program) => {
    expect(backend.compile(program).explain()).toContain('on the rows of each item');
    expectProgram(program, randomInputs(program), { relative: 1e-5 });
  });

  it.each(Object.entries(apart))('but not %s', (_, program) => {
    expect(backend.compile(program).explain()).not.toContain('on the rows of each item');
    expectProgram(program, randomInputs(program), { relative: 1e-5 });
  });
});
