import { buildProgram, type ConvolutionAttributes, type Shape, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { expectProgram, generator, plain, randomInputs } from '../test-support/check.js';

const f32 = (shape: Shape) => tensorType('float32', shape);

describe('dot_general', () => {
  const sizes = [
    [1, 64, 64],
    [64, 64, 1],
    [2, 300, 50],
    [7, 9, 40],
    [33, 65, 31],
    [64, 64, 64],
    [97, 3, 101],
    [128, 784, 10],
    [5, 1000, 3],
    [70, 700, 70],
  ] as const;
  const layouts = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const;
  for (const [m, k, n] of sizes)
    it.each(layouts)(`${m}×${k}×${n}, transposed: %i %i`, (ta, tb) => {
      const program = buildProgram([f32(ta ? [k, m] : [m, k]), f32(tb ? [n, k] : [k, n])], (e, a, b) => [
        emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [ta ? 0 : 1], rhsContractingDimensions: [tb ? 1 : 0] }),
      ]);
      expectProgram(program, randomInputs(program), { relative: 3e-6 });
    });

  it.each(layouts.filter(([, tb]) => tb === 0))('copies a large right side by blocks, transposed: %i', (ta) => {
    const [m, k, n] = [13, 1031, 1021];
    const program = buildProgram([f32(ta ? [k, m] : [m, k]), f32([k, n])], (e, a, b) => [
      emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [ta ? 0 : 1], rhsContractingDimensions: [0] }),
    ]);
    expectProgram(program, randomInputs(program), { relative: 3e-6 });
  });

  it('needs no workspace as large as what it multiplies', () => {
    const program = buildProgram([f32([32_000, 128]), f32([32_000, 512])], (e, a, b) => [
      emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [0], rhsContractingDimensions: [0] }),
    ]);
    const executable = plain.compile(program);
    expect(executable.temporaryBytes).toBeLessThan(2 ** 18);
    executable.release();
  });

  it('takes any order of batch, free and contracted dimensions', () => {
    const random = generator(42);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
    const shuffled = (count: number): number[] => {
      const order = Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1));
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    };
    for (let round = 0; round < 60; round++) {
      const group = (most: number, sizes: readonly number[]): number[] =>
        Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(sizes));
      const [batch, m, n] = [group(2, [1, 2, 3]), group(2, [1, 4, 7, 12]), group(2, [1, 3, 5, 16])];
      const k = group(2, [1, 5, 8, 19]);
      const build = (free: readonly number[]): { shape: number[]; batch: number[]; contracting: number[] } => {
        const parts = [...batch, ...free, ...k];
        const order = shuffled(parts.length);
        const at = (i: number): number => order.indexOf(i);
        return {
          shape: order.map((part) => parts[part]!),
          batch: batch.map((_, i) => at(i)),
          contracting: k.map((_, i) => at(batch.length + free.length + i)),
        };
      };
      const [lhs, rhs] = [build(m), build(n)];
      const program = buildProgram([f32(lhs.shape), f32(rhs.shape)], (e, a, b) => [
        emit.dotGeneral(e, a!, b!, {
          lhsBatchingDimensions: lhs.batch,
          rhsBatchingDimensions: rhs.batch,
          lhsContractingDimensions: lhs.contracting,
          rhsContractingDimensions: rhs.contracting,
        }),
      ]);
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
  });

  it.each(['bfloat16', 'float16', 'float64', 'int32'] as const)('%s', (dtype) => {
    const program = buildProgram([tensorType(dtype, [17, 40]), tensorType(dtype, [40, 9])], (e, a, b) => [
      emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] }),
    ]);
    expectProgram(program, randomInputs(program));
  });
});

/** Attributes by layout: positions of batch, feature and spatial dimensions in input, kernel and output. */
const layouts = {
  NHWC: { input: [0, 3, 1, 2], kernel: [2, 3, 0, 1], output: [0, 3, 1, 2] },
  NCHW: { input: [0, 1, 2, 3], kernel: [1, 0, 2, 3], output: [0, 1, 2, 3] },
  /** What the gradient of an NHWC input is: the kernel's features exchanged. */
  inputGradient: { input: [0, 3, 1, 2], kernel: [3, 2, 0, 1], output: [0, 3, 1, 2] },
  /** What the gradient of an NHWC kernel is: batch and features exchanged, result in HWIO. */
  kernelGradient: { input: [3, 0, 1, 2], kernel: [0, 3, 1, 2], output: [2, 3, 0, 1] },
} as const;

interface Case {
  readonly layout: keyof typeof layouts;
  readonly batch: number;
  readonly spatial: readonly [number, number];
  readonly inputs: number;
  readonly outputs: number;
  readonly window: readonly [number, number];
  readonly changes?: Partial<ConvolutionAttributes>;
}

function convolutionProgram({ layout, batch, spatial, inputs, outputs, window, changes = {} }: Case) {
  const { input, kernel, output } = layouts[layout];
  const place = (positions: readonly number[], values: readonly number[]): number[] => {
    const shape = new Array<number>(4);
    positions.forEach((position, i) => {
      shape[position] = values[i]!;
    });
    return shape;
  };
  const attributes: ConvolutionAttributes = {
    windowStrides: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    lhsDilation: [1, 1],
    rhsDilation: [1, 1],
    windowReversal: [false, false],
    inputBatchDimension: input[0],
    inputFeatureDimension: input[1],
    inputSpatialDimensions: input.slice(2),
    kernelInputFeatureDimension: kernel[0],
    kernelOutputFeatureDimension: kernel[1],
    kernelSpatialDimensions: kernel.slice(2),
    outputBatchDimension: output[0],
    outputFeatureDimension: output[1],
    outputSpatialDimensions: output.slice(2),
    featureGroupCount: 1,
    batchGroupCount: 1,
    precision: 'default',
    dtype: 'float32',
    ...changes,
  };
  const lhs = place(input, [batch, inputs, ...spatial]);
  const rhs = place(kernel, [inputs / attributes.featureGroupCount, outputs, ...window]);
  return buildProgram([f32(lhs), f32(rhs)], (e, a, b) => [emit.convolution(e, a!, b!, attributes)]);
}

describe('convolution', () => {
  const base = { batch: 3, spatial: [9, 8], inputs: 5, outputs: 6, window: [3, 3] } as const;
  const cases: readonly (readonly [string, Case])[] = [
    ['NHWC', { layout: 'NHWC', ...base }],
    ['one input feature', { layout: 'NHWC', ...base, inputs: 1, outputs: 32 }],
    ['as the digits have it', { layout: 'NHWC', ...base, spatial: [13, 13], inputs: 32, outputs: 64 }],
    ['NCHW', { layout: 'NCHW', ...base }],
    ['gradient of the kernel', { layout: 'kernelGradient', ...base, spatial: [13, 12], window: [11, 10], batch: 16 }],
    [
      'padded',
      {
        layout: 'NHWC',
        ...base,
        changes: {
          padding: [
            [1, 1],
            [2, 0],
          ],
        },
      },
    ],
    [
      'cropped',
      {
        layout: 'NHWC',
        ...base,
        changes: {
          padding: [
            [-1, 1],
            [0, -2],
          ],
        },
      },
    ],
    ['strided', { layout: 'NHWC', ...base, changes: { windowStrides: [2, 3] } }],
    ['dilated window', { layout: 'NHWC', ...base, changes: { rhsDilation: [2, 3] } }],
    [
      'dilated input, reversed: gradient of a strided one',
      {
        layout: 'NHWC',
        ...base,
        changes: {
          lhsDilation: [2, 2],
          padding: [
            [2, 3],
            [2, 2],
          ],
          windowReversal: [true, true],
        },
      },
    ],
    ['feature groups', { layout: 'NHWC', ...base, inputs: 8, outputs: 12, changes: { featureGroupCount: 2 } }],
    ['depthwise', { layout: 'NHWC', ...base, inputs: 8, outputs: 8, changes: { featureGroupCount: 8 } }],
    ['depthwise, multiplied', { layout: 'NHWC', ...base, inputs: 4, outputs: 12, changes: { featureGroupCount: 4 } }],
    ['batch groups', { layout: 'NHWC', ...base, batch: 4, outputs: 12, changes: { batchGroupCount: 2 } }],
    ['window of one', { layout: 'NHWC', ...base, inputs: 16, window: [1, 1] }],
  ];
  it.each(cases)('%s', (_, description) => {
    const program = convolutionProgram(description);
    expectProgram(program, randomInputs(program), { relative: 3e-6 });
  });

  it('takes any attributes together', () => {
    const random = generator(7);
    const upTo = (most: number): number => 1 + Math.floor(random() * most);
    for (let round = 0; round < 60; round++) {
      const [featureGroupCount, batchGroupCount] = round % 3 === 0 ? [upTo(3), 1] : [1, upTo(2)];
      const pair = (): [number, number] => [Math.floor(random() * 4) - 1, Math.floor(random() * 4) - 1];
      const program = convolutionProgram({
        layout: (['NHWC', 'NCHW', 'kernelGradient'] as const)[round % 3]!,
        batch: upTo(3) * batchGroupCount,
        spatial: [6 + upTo(4), 6 + upTo(4)],
        inputs: upTo(6) * featureGroupCount,
        outputs: upTo(9) * featureGroupCount * batchGroupCount,
        window: [upTo(3), upTo(3)],
        changes: {
          padding: [pair(), pair()],
          windowStrides: [upTo(2), upTo(3)],
          rhsDilation: [upTo(2), upTo(2)],
          lhsDilation: [upTo(2), upTo(2)],
          windowReversal: [random() < 0.5, random() < 0.5],
          ...{ featureGroupCount, batchGroupCount },
        },
      });
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
  });

  it('is one matrix product, whatever the layout', () => {
    const program = convolutionProgram({
      layout: 'NHWC',
      ...base,
      changes: {
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
    });
    const executable = plain.compile(program);
    expect(executable).toHaveProperty('explain');
    if ('explain' in executable) expect(executable.explain()).toContain('gemm 216×45×6');
  });
});

/** What the engine says that it runs. */
function explained(program: ReturnType<typeof convolutionProgram>): string {
  const executable = plain.compile(program);
  return 'explain' in executable ? (executable.explain as () => string)() : '';
}

const oneDimension = {
  ...{ windowStrides: [1], padding: [[0, 0]], lhsDilation: [1], rhsDilation: [1], windowReversal: [false] },
  ...{ inputBatchDimension: 0, inputFeatureDimension: 2, inputSpatialDimensions: [1] },
  ...{ kernelInputFeatureDimension: 1, kernelOutputFeatureDimension: 2, kernelSpatialDimensions: [0] },
  ...{ outputBatchDimension: 0, outputFeatureDimension: 2, outputSpatialDimensions: [1] },
  ...{ featureGroupCount: 1, batchGroupCount: 1, precision: 'default', dtype: 'float32' },
} as const satisfies ConvolutionAttributes;

describe('convolutions with kernels of their own', () => {
  const pads = (random: () => number): (readonly [number, number])[] =>
    [0, 1].map(() => [Math.floor(random() * 5) - 1, Math.floor(random() * 5) - 1] as const);
  const upTo = (random: () => number, most: number): number => 1 + Math.floor(random() * most);

  it('depthwise: any padding, stride, dilation, reversal and channels', () => {
    const random = generator(11);
    for (let round = 0; round < 60; round++) {
      const channels = [5, 6, 8, 11, 16, 19][round % 6]!;
      const lhsDilation = round % 3 === 0 ? [upTo(random, 3), upTo(random, 3)] : [1, 1];
      const description: Case = {
        ...{ layout: 'NHWC', batch: upTo(random, 3), spatial: [5 + upTo(random, 9), 5 + upTo(random, 9)] },
        ...{ inputs: channels, outputs: channels, window: [upTo(random, 4), upTo(random, 4)] },
        changes: {
          ...{ padding: pads(random), lhsDilation, featureGroupCount: channels },
          windowStrides: [upTo(random, 3), upTo(random, 3)],
          rhsDilation: [upTo(random, 2), upTo(random, 2)],
          windowReversal: [random() < 0.5, random() < 0.5],
        },
      };
      const program = convolutionProgram(description);
      expect(explained(program)).toContain('depthwise, window');
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
  });

  it('gradient of a depthwise kernel: any padding, stride and dilation', () => {
    const random = generator(12);
    for (let round = 0; round < 40; round++) {
      const channels = [8, 12, 16, 24, 32][round % 5]!;
      const window = [3 + upTo(random, 4), 3 + upTo(random, 4)] as const;
      const rhsDilation = [upTo(random, 2), upTo(random, 2)] as const;
      const spatial = [0, 1].map((d) => (window[d]! - 1) * rhsDilation[d]! + upTo(random, 5)) as [number, number];
      const description: Case = {
        ...{ layout: 'kernelGradient', batch: channels, inputs: upTo(random, 4), outputs: channels, window, spatial },
        changes: {
          ...{ padding: [0, 1].map(() => [upTo(random, 2) - 1, upTo(random, 2) - 1] as const), rhsDilation },
          ...{ windowStrides: [upTo(random, 2), upTo(random, 2)], batchGroupCount: channels },
        },
      };
      const program = convolutionProgram(description);
      expect(explained(program)).toContain('depthwise gradient');
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
  });

  it('dilated inputs, without multiplying by zeros', () => {
    const random = generator(13);
    for (let round = 0; round < 60; round++) {
      const description: Case = {
        ...{ layout: (['NHWC', 'NCHW'] as const)[round % 2]!, batch: upTo(random, 3) },
        ...{
          spatial: [4 + upTo(random, 5), 4 + upTo(random, 5)],
          inputs: 4 + upTo(random, 9),
          outputs: 8 + upTo(random, 9),
        },
        window: [upTo(random, 4), upTo(random, 4)],
        changes: {
          ...{ padding: pads(random), lhsDilation: [1 + upTo(random, 2), upTo(random, 3)] },
          windowStrides: [upTo(random, 3), upTo(random, 3)],
          rhsDilation: [upTo(random, 3), upTo(random, 3)],
          windowReversal: [random() < 0.5, random() < 0.5],
        },
      };
      const program = convolutionProgram(description);
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
  });

  it('3×3 of many channels, transformed: any padding, reversal and order of the kernel', () => {
    const random = generator(15);
    for (let round = 0; round < 6; round++) {
      const padding = [0, 1].map(() => [upTo(random, 3) - 2, upTo(random, 3) - 2] as const);
      const description: Case = {
        ...{ layout: (['NHWC', 'inputGradient'] as const)[round % 2]!, batch: upTo(random, 2), window: [3, 3] },
        spatial: [15 + upTo(random, 4), 16 + upTo(random, 4)],
        ...([
          { inputs: 64, outputs: 68 },
          { inputs: 132, outputs: 32 },
          { inputs: 36, outputs: 124 },
        ][round % 3] as { inputs: number; outputs: number }),
        changes: { padding, windowReversal: [random() < 0.5, random() < 0.5] },
      };
      const program = convolutionProgram(description);
      expect(explained(program)).toContain('winograd');
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
  });

  it('padded inputs, without multiplying by padding', () => {
    const random = generator(14);
    let clipped = 0;
    for (let round = 0; round < 24; round++) {
      const padding = [0, 1].map(() => [upTo(random, 4) - 2, 1 + upTo(random, 3)] as const);
      const description: Case = {
        ...{ layout: 'NHWC', batch: 2 + upTo(random, 3), spatial: [4 + upTo(random, 7), 4 + upTo(random, 7)] },
        ...{ inputs: [32, 40, 33, 36, 48, 397][round % 6]!, outputs: 7 + upTo(random, 33) },
        window: [1 + upTo(random, 3), 1 + upTo(random, 3)],
        changes: {
          ...{ padding, rhsDilation: [upTo(random, 2), upTo(random, 2)] },
          windowReversal: [random() < 0.5, random() < 0.5],
        },
      };
      const program = convolutionProgram(description);
      if (explained(program).includes('A clipped')) clipped++;
      expectProgram(program, randomInputs(program, round), { relative: 3e-6 });
    }
    expect(clipped).toBeGreaterThan(12);
  });

  it('a gradient of stride two is four products, of which none is larger than the forward one', () => {
    const strided: Case = {
      ...{ layout: 'NHWC', batch: 2, spatial: [8, 8], inputs: 16, outputs: 12, window: [3, 3] },
      changes: {
        ...{ lhsDilation: [2, 2], windowReversal: [true, true] },
        padding: [
          [1, 2],
          [1, 2],
        ],
      },
    };
    const steps = explained(convolutionProgram(strided));
    for (const size of ['128×64×12', '128×32×12', '128×16×12']) expect(steps).toContain(size);
  });

  it('one spatial dimension, padded', () => {
    const program = buildProgram([f32([6, 20, 32]), f32([5, 32, 9])], (e, a, b) => [
      emit.convolution(e, a!, b!, { ...oneDimension, padding: [[4, 4]], windowReversal: [true] }),
    ]);
    expect(explained(program)).toContain('A clipped');
    expectProgram(program, randomInputs(program), { relative: 3e-6 });
  });

  it.each([1, 3])('one spatial dimension, window %i', (window) => {
    const program = buildProgram([f32([2, 20, 8]), f32([window, 1, 8])], (e, a, b) => [
      emit.convolution(e, a!, b!, { ...oneDimension, padding: [[1, 1]], featureGroupCount: 8 }),
    ]);
    expect(explained(program)).toContain('depthwise');
    expectProgram(program, randomInputs(program), { relative: 3e-6 });
  });
});
