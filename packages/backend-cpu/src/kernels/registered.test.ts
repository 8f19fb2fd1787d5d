import { buildProgram, type KernelDefinition, registerKernel, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { generator, plain, randomArray, runOn, threaded } from '../test-support/check.js';
import * as op from '../wasm/late-op.js';
import * as memoryOp from '../wasm/memory-op.js';
import './kernel.js';
import { rangeLoop } from './affine.js';

/** Cholesky has no code here: a package brings it, for 1×1 matrices only. */
const squareRoot: KernelDefinition<'cpu', 'cholesky'> = {
  backend: 'cpu',
  op: 'cholesky',
  supports: ({ operands }) => operands[0]!.dtype === 'float32' && operands[0]!.shape.at(-1) === 1,
  build: ({ operands }) => {
    const items = operands[0]!.shape[0]!;
    return [
      {
        ...{ name: 'square root', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: ({ module }) => {
          const f = module.function('squareRoot', ['i32', 'i32', 'i32', 'i32', 'i32'], []);
          const [item, end, , source, target] = [0, 1, 2, 3, 4];
          rangeLoop(f, item!, end!, 1, () => {
            for (const base of [target!, source!]) {
              f.get(base);
              f.get(item!);
              f.i32(4);
              f.op(op.i32Mul);
              f.op(op.i32Add);
            }
            f.memory(memoryOp.f32Load);
            f.op(op.f32Sqrt);
            f.memory(memoryOp.f32Store);
          });
          const kernel = { function: f.index, items, costPerItem: 1, scratchBytes: 0 };
          const buffers = [
            { kind: 'operand', index: 0 },
            { kind: 'result', index: 0 },
          ] as const;
          return { calls: [{ kernel, buffers }], workspaceBytes: 0, description: 'square root' };
        },
      },
    ];
  },
};

describe('a kernel of another package', () => {
  it('makes an op native, is named by explain, and runs on threads', () => {
    const type = tensorType('float32', [100, 1, 1]);
    const query = { op: 'cholesky', operands: [type], results: [type], attributes: { lower: true } } as const;
    expect(plain.query(query).kind).toBe('unsupported');
    registerKernel(squareRoot);
    expect(plain.query(query).kind).toBe('native');
    const program = buildProgram([type], (e, x) => [emit.cholesky(e, emit.multiply(e, x!, x!))]);
    const executable = plain.compile(program);
    if ('explain' in executable) expect(executable.explain()).toContain('cholesky: square root');
    const data = randomArray(type, generator(1)) as Float32Array;
    for (const backend of [plain, threaded])
      expect(runOn(backend, program, [data])[0]).toEqual(data.map((x) => Math.sqrt(Math.fround(x * x))));
  });
});
