import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LatePartsNeeded } from '@ceratops/compiler';
import {
  buildProgram,
  type Emitter,
  outputTypes,
  type Program,
  scalarRegion,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import { attention } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { describe, expect, it } from 'vitest';
import { CpuDevice } from '../device.js';
import { lateParts } from '../late.js';
import type { LateParts } from '../late-parts.js';
import { expectClose, randomInputs } from '../test-support/check.js';
import { PageBackend } from './page-backend.js';
import type { Port } from './protocol.js';
import { serve } from './server.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);

function connect(load = async () => lateParts): PageBackend {
  const { port1, port2 } = new MessageChannel();
  serve(port2 as unknown as Port, load);
  return new PageBackend(port1 as unknown as Port, () => port1.close(), { threads: 1 });
}

/** What it was compiled to before it had late parts, which only explanations need here. */
function explained(lean: CpuDevice, program: Program): string {
  const executable = lean.compile(program);
  lean.engine.late = lateParts;
  return executable.explain();
}

/** Programs that need late parts, each in its own way. */
const programs: Readonly<Record<string, Program>> = {
  sort: buildProgram([f32(4, 9)], (e, x) => emit.sort(e, [x!], 1)),
  concatenate: buildProgram([f32(7), f32(2)], (e, x, y) => [emit.concatenate(e, [x!, y!], 0)]),
  'dynamic slices': buildProgram([f32(9), f32(2), i32()], (e, x, y, at) => [
    emit.dynamicUpdateSlice(e, emit.dynamicSlice(e, x!, [at!], [4]), y!, [at!]),
  ]),
  gather: buildProgram([f32(9, 3), i32(4, 1)], (e, x, rows) => [
    emit.gather(e, x!, rows!, {
      offsetDims: [1],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      startIndicesBatchingDims: [],
      startIndexMap: [0],
      indexVectorDim: 1,
      sliceSizes: [1, 3],
      indicesAreSorted: false,
    }),
  ]),
  scatter: buildProgram([f32(9, 3), i32(4, 1), f32(4, 3)], (e, x, rows, updates) =>
    emit.scatter(e, [x!], rows!, [updates!], {
      updateWindowDims: [1],
      insertedWindowDims: [0],
      inputBatchingDims: [],
      scatterIndicesBatchingDims: [],
      scatterDimsToOperandDims: [0],
      indexVectorDim: 1,
      indicesAreSorted: false,
      uniqueIndices: false,
      body: scalarRegion('float32', 'add'),
    }),
  ),
  while: buildProgram([f32(5)], (e, x) => {
    const types = [f32(5), i32()];
    const condition = buildProgram(types, (c, _, n) => [emit.compare(c, n!, emit.constantLike(c, n!, 3), 'LT')]);
    const body = buildProgram(types, (b, v, n) => [emit.add(b, v!, v!), emit.add(b, n!, emit.constantLike(b, n!, 1))]);
    return emit.whileLoop(e, [x!, emit.fill(e, i32(), 0)], condition, body);
  }),
  case: buildProgram([f32(5)], (e, x) => {
    const branch = (op: (e: Emitter, v: Value) => Value) => buildProgram([f32(5)], (b, v) => [op(b, v!)]);
    return emit.caseOf(e, emit.fill(e, i32(), 1), [x!], [branch(emit.negate), branch(emit.abs)]);
  }),
  sine: buildProgram([f32(9)], (e, x) => [emit.sine(e, x!)]),
  attention: buildProgram([f32(1, 20, 2, 4)], (e, x) =>
    emit.composite(e, attention, [x!, x!, x!], { scale: 0.5, causal: true }),
  ),
  'the remainder of floats': buildProgram([f32(9)], (e, x) => [emit.remainder(e, x!, emit.abs(e, x!))]),
  sign: buildProgram([f32(9)], (e, x) => [emit.sign(e, x!)]),
  float16: buildProgram([tensorType('float16', [9])], (e, x) => [emit.add(e, x!, x!)]),
  float64: buildProgram([tensorType('float64', [9])], (e, x) => [emit.exponential(e, x!)]),
  int64: buildProgram([tensorType('int64', [9])], (e, x) => [emit.maximum(e, x!, emit.negate(e, x!))]),
  uint8: buildProgram([tensorType('uint8', [9])], (e, x) => [emit.convert(e, emit.add(e, x!, x!), 'float32')]),
  'integer division and power': buildProgram([i32(9)], (e, x) => [emit.power(e, emit.divide(e, x!, x!), x!)]),
  'sums of integer constants': buildProgram([i32(3)], (e, x) => [
    emit.add(e, x!, emit.add(e, emit.fill(e, i32(3), 4), emit.fill(e, i32(3), 5))),
  ]),
};

describe('late parts', () => {
  it.each(Object.entries(programs))('load in a page that needs them: %s', async (_, program) => {
    const backend = connect();
    const inputs = randomInputs(program);
    inputs.forEach((data, i) => {
      backend.write(i + 1, program.inputs[i]!.type, data);
    });
    const executable = await backend.compile(program);
    const outputs = program.outputs.map((_, i) => 10 + i);
    executable.execute({ inputs: inputs.map((_, i) => i + 1), outputs });
    const results = await Promise.all(outputs.map((id) => backend.read(id)));
    expectClose('page', results, evaluateProgram(program, inputs), outputTypes(program), {});
    await backend.close();
  });

  it('keep requests in order while they load', async () => {
    const backend = connect();
    const first = backend.compile(programs.sort!);
    const second = backend.compile(buildProgram([f32(2)], (e, x) => [emit.add(e, x!, x!)]));
    backend.write(1, f32(2), Float32Array.of(1, 2));
    const read = backend.read(1);
    backend.free([1]);
    backend.write(2, f32(2), Float32Array.of(3, 4));
    (await second).execute({ inputs: [2], outputs: [3] });
    expect(await (await first).explain()).toContain('sort');
    expect(await read).toEqual(Float32Array.of(1, 2));
    expect(await backend.read(3)).toEqual(Float32Array.of(6, 8));
    expect(backend.memory().liveBuffers).toBe(2);
    await backend.close();
  });

  it('let errors of the program through once they are there', async () => {
    const backend = connect();
    const program = buildProgram([tensorType('complex64', [3])], (e, x) => emit.sort(e, [emit.real(e, x!)], 0));
    await expect(backend.compile(program)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(await (await backend.compile(programs.sort!)).explain()).toContain('sort');
    await backend.close();
  });

  it('fail the compilation, and no other request, where they do not load', async () => {
    let answer = (): Promise<LateParts> => Promise.reject(new Error('404'));
    const backend = connect(() => answer());
    const sorted = backend.compile(programs.sort!);
    backend.write(1, f32(2), Float32Array.of(1, 2));
    const read = backend.read(1);
    await expect(sorted).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      received: 'Error: 404',
      remedy: expect.stringContaining('call again'),
    });
    expect(await read).toEqual(Float32Array.of(1, 2));
    answer = async () => lateParts;
    expect(await (await backend.compile(programs.sort!)).explain()).toContain('sort');
    await backend.close();
  });

  it('are part of the script of the worker, which some bundlers cannot split', () => {
    const source = (file: string): string => readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = source(file);
      expect(text.replace(/typeof import\(/g, ''), file).not.toContain('import(');
      for (const [, from] of text.matchAll(/^(?:import|export) (?!type).*?from '(\.[^']+)\.js';$/gms)) {
        visit(`./${posix.join(posix.dirname(file), `${from}.ts`)}`);
      }
    };
    visit('./compute.ts');
    expect([...seen]).toContain('./../render/late-scalars.ts');
  });

  it('are not needed for what most programs do', () => {
    const lean = new CpuDevice({ threads: 1 }, undefined);
    const program = buildProgram([f32(64, 32), f32(32, 16), i32(64)], (e, x, y, labels) => {
      const product = emit.dotGeneral(e, x!, y!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
      const positions = emit.iota(e, i32(64, 16), 1);
      const hits = emit.compare(e, emit.broadcastInDim(e, labels!, [64, 16], [0]), positions, 'EQ');
      const logits = emit.log(e, emit.exponential(e, product));
      return [emit.reduceSum(e, emit.select(e, hits, logits, emit.constantLike(e, logits, 0)), [0, 1])];
    });
    expect(explained(lean, program)).toContain('gemm');
  });

  it('are not needed for models as small as XOR', () => {
    const lean = new CpuDevice({ threads: 1 }, undefined);
    const program = buildProgram([f32(4, 2), f32(2, 8)], (e, x, y) => [
      emit.tanh(e, emit.dotGeneral(e, x!, y!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] })),
    ]);
    expect(explained(lean, program)).toContain('dot_general: loops');
  });

  it('bring threads: without them there is one, whatever is asked for', async () => {
    const [lean, full] = [new CpuDevice({ threads: 2 }, undefined), new CpuDevice({ threads: 2 }, lateParts)];
    expect([lean.engine.threads, full.engine.threads]).toEqual([1, 2]);
    expect(lean.engine.pool).toBeUndefined();
    const program = buildProgram([f32(300, 300)], (e, x) => [
      emit.dotGeneral(e, x!, x!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] }),
    ]);
    const data = Float32Array.from({ length: 90_000 }, (_, i) => Math.sin(i));
    const [alone, shared] = [lean, full].map((device) => {
      device.write(1, f32(300, 300), data);
      device.compile(program).execute({ inputs: [1], outputs: [2] });
      return device.readSync(2);
    });
    expect(alone).toEqual(shared);
    full.close();
  });

  it('explain and profile what was compiled without them', async () => {
    const backend = connect();
    const executable = await backend.compile(buildProgram([f32(2)], (e, x) => [emit.add(e, x!, x!)]));
    backend.write(1, f32(2), Float32Array.of(1, 2));
    expect(await executable.explain()).toContain('add: loops');
    await backend.profile(true);
    executable.execute({ inputs: [1], outputs: [2] });
    expect(await backend.read(2)).toEqual(Float32Array.of(2, 4));
    const { events } = (await backend.profile(false))!;
    expect(events.map(({ kind, ops }) => [kind, ...ops])).toEqual([['program'], ['kernel', 'add']]);
    await expect(backend.profile(false)).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await backend.close();
  });

  it('leave no memory behind where they are missing', () => {
    const lean = new CpuDevice({ threads: 1 }, undefined);
    const { liveBytes } = lean.memory();
    for (const program of Object.values(programs)) expect(() => lean.compile(program)).toThrow(LatePartsNeeded);
    expect(lean.memory().liveBytes).toBe(liveBytes);
  });
});
