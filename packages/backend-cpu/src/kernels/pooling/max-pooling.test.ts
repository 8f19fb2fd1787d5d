import { buildProgram, type Shape, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { expectProgram, plain, randomInputs, runOn } from '../../test-support/check.js';

interface Case {
  readonly name: string;
  readonly shape: Shape;
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding?: readonly [readonly [number, number], readonly [number, number]];
}

const cases: readonly Case[] = [
  { name: 'inside', shape: [2, 9, 8, 16], window: [3, 3], strides: [2, 2] },
  {
    name: 'padded',
    shape: [3, 7, 9, 20],
    window: [3, 4],
    strides: [2, 1],
    padding: [
      [1, 1],
      [2, 1],
    ],
  },
  {
    name: 'few channels',
    shape: [1, 6, 5, 4],
    window: [2, 3],
    strides: [1, 1],
    padding: [
      [0, 1],
      [1, 1],
    ],
  },
  {
    name: 'cropped',
    shape: [1, 9, 9, 8],
    window: [3, 3],
    strides: [2, 2],
    padding: [
      [-1, 0],
      [-2, 1],
    ],
  },
  {
    name: 'large',
    shape: [1, 40, 23, 36],
    window: [5, 7],
    strides: [1, 2],
    padding: [
      [2, 2],
      [3, 3],
    ],
  },
  {
    name: 'windows all in padding',
    shape: [1, 4, 4, 8],
    window: [2, 2],
    strides: [1, 1],
    padding: [
      [3, 0],
      [0, 3],
    ],
  },
];

describe('max pooling', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const program = buildProgram([tensorType('float32', one.shape)], (e, x) => [
      emit.reduceWindowMax(e, x!, {
        windowDimensions: [1, ...one.window, 1],
        windowStrides: [1, ...one.strides, 1],
        padding: [
          [0, 0],
          ...(one.padding ??
            ([
              [0, 0],
              [0, 0],
            ] as const)),
          [0, 0],
        ],
      }),
    ]);
    const inputs = randomInputs(program);
    const image = inputs[0] as Float32Array;
    [image[17], image[30]] = [-0, Number.NEGATIVE_INFINITY];
    expectProgram(program, inputs);
    // Which no number it is differs: its sign is the engine's choice.
    [image[5], image[35]] = [Number.NaN, -Number.NaN];
    expect(runOn(plain, program, inputs)).toEqual(evaluateProgram(program, inputs));
    const executable = plain.compile(program);
    expect(executable.explain()).toContain('max pooling');
    executable.release();
  });
});
