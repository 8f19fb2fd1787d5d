import { buildProgram, comparatorRegion, scalarRegion, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { expectProgram, generator, plain, randomInputs } from '../../test-support/check.js';

describe('the gradient of max pooling', () => {
  const random = generator(21);
  const upTo = (most: number): number => 1 + Math.floor(random() * most);

  /** Windows share elements along one axis at least. */
  function gradientProgram(channels: number, overlapping: number) {
    const window = [upTo(4), upTo(4)];
    const strides = [upTo(6), upTo(6)];
    window[overlapping] = 1 + upTo(4);
    strides[overlapping] = upTo(window[overlapping]! - 1);
    const padding = window.map((size) => [upTo(size + 1) - 1, upTo(size + 1) - 1] as const);
    const size = window.map((taps) => taps + upTo(12));
    const samples = upTo(3);
    const output = size.map(
      (extent, d) => Math.floor((extent + padding[d]![0] + padding[d]![1] - window[d]!) / strides[d]!) + 1,
    );
    const shapes = [[samples, ...size, channels], [samples, ...output, channels], []];
    return buildProgram(
      shapes.map((shape) => tensorType('float32', shape)),
      (e, image, cotangent, initial) => [
        emit.selectAndScatter(e, image!, cotangent!, initial!, {
          windowDimensions: [1, ...window, 1],
          windowStrides: [1, ...strides, 1],
          padding: [[0, 0], ...padding, [0, 0]],
          select: comparatorRegion(['float32'], 'GE'),
          scatter: scalarRegion('float32', 'add'),
        }),
      ],
    );
  }

  it.each([4, 16, 20, 28])('any window, stride and padding, ties and what is no number, %i channels', (channels) => {
    for (let round = 0; round < 12; round++) {
      const program = gradientProgram(channels, round % 2);
      const [image, cotangent] = randomInputs(program, round) as [Float32Array, Float32Array];
      const rare = [Number.NaN, -0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      const ties = image.map((value) => (random() < 0.05 ? rare[Math.floor(random() * 5)]! : Math.round(3 * value)));
      const initial = Float32Array.of([0, -0, 0.5][round % 3]!);
      expectProgram(program, [ties, cotangent.map((value) => (value > 1 ? -0 : value)), initial]);
      const executable = plain.compile(program);
      expect(executable.explain()).toContain('max pooling gradient');
      executable.release();
    }
  });
});
