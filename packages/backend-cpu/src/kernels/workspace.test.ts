import {
  buildProgram,
  type Emitter,
  type Program,
  tensorType,
  type Value,
  valueTypes,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { lateParts } from '../late.js';
import { ModuleWriter } from '../wasm/module-writer.js';
import { gemmTuning } from './blocking.js';
import { kernelFor, LibraryEmitter } from './library.js';
import { workspaceOf } from './workspace.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);
const product = (lhs: number, rhs: number, batch: readonly number[] = []) => ({
  lhsBatchingDimensions: batch,
  rhsBatchingDimensions: batch,
  lhsContractingDimensions: [lhs],
  rhsContractingDimensions: [rhs],
});

type Body = (e: Emitter, a: Value, b: Value) => Value;

const convolve =
  (options: { readonly lhsDilation?: number[]; readonly windowStrides?: number[]; readonly groups?: number }): Body =>
  (e, a, b) =>
    emit.convolution(e, a, b, {
      ...{ inputBatchDimension: 0, inputFeatureDimension: 3, inputSpatialDimensions: [1, 2] },
      ...{ kernelInputFeatureDimension: 2, kernelOutputFeatureDimension: 3, kernelSpatialDimensions: [0, 1] },
      ...{ outputBatchDimension: 0, outputFeatureDimension: 3, outputSpatialDimensions: [1, 2] },
      windowStrides: options.windowStrides ?? [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      lhsDilation: options.lhsDilation ?? [1, 1],
      rhsDilation: [1, 1],
      ...{ featureGroupCount: options.groups ?? 1, batchGroupCount: 1, windowReversal: [false, false] },
      ...{ precision: 'default', dtype: 'float32' },
    });

const programs: Readonly<Record<string, Program>> = Object.fromEntries(
  (
    [
      ['a product', f32(40, 70), f32(70, 33), (e, a, b) => emit.dotGeneral(e, a, b, product(1, 0))],
      ['both transposed', f32(70, 40), f32(33, 70), (e, a, b) => emit.dotGeneral(e, a, b, product(0, 1))],
      ['a batch', f32(3, 40, 70), f32(3, 70, 33), (e, a, b) => emit.dotGeneral(e, a, b, product(2, 1, [0]))],
      ['few rows', f32(2, 300), f32(300, 200), (e, a, b) => emit.dotGeneral(e, a, b, product(1, 0))],
      ['a vector', f32(300), f32(300, 200), (e, a, b) => emit.dotGeneral(e, a, b, product(0, 0))],
      [
        'a right side too large to pack',
        f32(16, 1100),
        f32(1100, 1100),
        (e, a, b) => emit.dotGeneral(e, a, b, product(1, 0)),
      ],
      ['a convolution', f32(2, 9, 9, 8), f32(3, 3, 8, 16), convolve({})],
      ['a strided one', f32(2, 9, 9, 8), f32(3, 3, 8, 16), convolve({ windowStrides: [2, 2] })],
      ['a dilated one', f32(2, 9, 9, 8), f32(3, 3, 8, 16), convolve({ lhsDilation: [2, 2] })],
      ['a depthwise one', f32(2, 9, 9, 16), f32(3, 3, 1, 16), convolve({ groups: 16 })],
    ] as const satisfies readonly (readonly [string, ReturnType<typeof f32>, ReturnType<typeof f32>, Body])[]
  ).map(([name, a, b, body]) => [name, buildProgram([a, b], (e, x, y) => [body(e, x!, y!)])]),
);

describe('the memory that a kernel needs for itself', () => {
  const tunings = [9, 12].flatMap((v8Major) => [true, false].map((relaxed) => gemmTuning({ relaxed, v8Major })));
  it.each(Object.entries(programs))('is what its code says: %s', (_, program) => {
    const types = valueTypes(program);
    const instruction = program.instructions.at(-1)!;
    const query = { ...instruction, operands: instruction.operands.map((id) => types[id]!) };
    expect(kernelFor(query, lateParts)).toBeDefined();
    for (const tuning of tunings) {
      const { workspaceBytes } = new LibraryEmitter(new ModuleWriter(), tuning, lateParts).emit(
        instruction,
        query.operands,
      );
      expect(workspaceOf(query, tuning, lateParts)).toBe(workspaceBytes);
    }
  });
});
