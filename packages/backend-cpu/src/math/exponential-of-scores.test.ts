import { describe, expect, it } from 'vitest';
import { WebAssembly } from '../platform/globals.js';
import { generator, relaxedRuns } from '../test-support/check.js';
import * as laneOp from '../wasm/lane-op.js';
import { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { exponentialOfScores } from './exponential-of-scores.js';
import { VectorCode } from './vector-code.js';

function compiled(relaxed: boolean): (x: number) => number {
  const module = new ModuleWriter();
  const f = module.function('exp', ['f32'], ['f32']);
  f.get(0);
  f.op(op.f32x4Splat);
  const code = new VectorCode(f, relaxed);
  code.finish(exponentialOfScores(code, code.keep()));
  f.lane(laneOp.f32x4Extract, 0);
  module.export('exp', f.index);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), {});
  return instance.exports.exp as (x: number) => number;
}

describe.each([
  ['plain', false],
  ['relaxed', true],
] as const)('%s', (_, relaxed) => {
  it.skipIf(relaxed && !relaxedRuns)('is exp to two units in the last place, and 0 far below', () => {
    const exp = compiled(relaxed);
    const random = generator(5);
    for (const [low, high] of [
      [-87, 1],
      [-1, 0],
      [-1e-5, 1e-5],
    ] as const)
      for (let i = 0; i < 20_000; i++) {
        const x = Math.fround(low + (high - low) * random());
        const exact = Math.exp(x);
        expect(Math.abs(exp(x) - exact)).toBeLessThanOrEqual(2 * 2 ** (Math.floor(Math.log2(exact)) - 23));
      }
    for (const x of [-87.5, -1e10, -3e38, Number.NEGATIVE_INFINITY]) expect(exp(x)).toBe(0);
    expect(exp(0)).toBe(1);
    expect(exp(Number.NaN)).toBeNaN();
  });
});
