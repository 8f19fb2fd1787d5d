import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram, type Program, registerKernel, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { afterAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../backend.js';
import { PlanCache } from './plan-cache.js';

const folder = mkdtempSync(join(tmpdir(), 'ceratops-plans-'));
const f32 = tensorType('float32', [8]);
const plain = buildProgram([f32], (e, x) => [emit.negate(e, x!)]);
const named: Program = {
  name: 'named',
  inputs: [{ type: f32 }],
  instructions: [
    { op: 'composite', operands: [0], attributes: { name: 'test.own@1', attributes: {} }, results: [f32] },
  ],
  outputs: [1],
};

afterAll(() => rmSync(folder, { recursive: true }));

/** What a new backend does with the cache. */
async function statistics(program: Program): Promise<unknown> {
  const on = new CpuBackend({ threads: 1 });
  const cache = (on.engine.planCache = new PlanCache({ folder, leastMilliseconds: 0 }));
  try {
    on.compile(program);
  } catch {
    // The kernel here emits nothing.
  }
  await on.close();
  return cache.statistics;
}

describe('kernels that a package registered', () => {
  it('keep their programs, and all where they are for an op of the opset, out of the cache', async () => {
    expect(await statistics(plain)).toEqual({ hits: 0, stores: 1 });
    registerKernel({ backend: 'cpu', op: 'composite', composite: 'test.own@1', supports: () => true, build });
    expect(await statistics(named)).toEqual({ hits: 0, stores: 0 });
    expect(await statistics(plain)).toEqual({ hits: 1, stores: 0 });
    registerKernel({ backend: 'cpu', op: 'cholesky', supports: () => false, build });
    expect(await statistics(plain)).toEqual({ hits: 0, stores: 0 });
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

function build() {
  const description = 'nothing';
  const emitted = { calls: [], workspaceBytes: 0, description };
  return [{ name: description, workspaceBytes: 0, deterministic: true, epilogues: [], emit: () => emitted }];
}
