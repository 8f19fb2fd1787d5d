/** Decompositions that are not with their composites: who has them, and what the others say. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tensorType } from '../tensor-type.js';

const f32 = tensorType('float32', [3]);
const x = Float32Array.of(-0.5, 0, 0.5);
/** Of SciPy. */
const values = {
  erf: [-0.5204998778130465, 0, 0.5204998778130465],
  erfInv: [-0.4769362762044699, 0, 0.4769362762044699],
};

/** As in a process where nobody has brought anything yet. */
beforeEach(() => {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
});

async function traced(name: keyof typeof values) {
  const { buildProgram } = await import('../tracing.js');
  const { composite } = await import('../emit/composite.js');
  const definition = (await import('./index.js'))[name];
  return buildProgram([f32], (e, operand) => composite(e, definition, [operand!]));
}

const decomposing = { name: 'plain', opset: 1, query: () => ({ kind: 'decompose' }) as const };

async function backend() {
  const { dtypes } = await import('../dtype.js');
  const support = Object.fromEntries(Object.keys(dtypes).map((dtype) => [dtype, { storage: true, compute: true }]));
  return { ...decomposing, dtypes: support } as never;
}

describe.each(Object.keys(values) as (keyof typeof values)[])('%s', (name) => {
  it('says what to wait for where nobody brought its decomposition, and then decomposes', async () => {
    const program = await traced(name);
    const { negotiate } = await import('../tracing.js');
    const plain = await backend();
    expect(() => negotiate(program, plain)).toThrow(
      expect.objectContaining({
        code: 'WOULD_BLOCK',
        subject: program.instructions.map(({ attributes }) => (attributes as { readonly name: string }).name)[0],
        remedy: expect.stringContaining("await import('@ceratops/kernel-registry/decompositions')"),
      }),
    );
    (await import('../decompositions.js')).bringDecompositions();
    const expanded = negotiate(program, plain);
    expect(expanded.instructions.some(({ op }) => op === 'composite')).toBe(false);
    const { evaluateProgram } = await import('../evaluator/index.js');
    Array.from(evaluateProgram(expanded, [x])[0] as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(values[name][i]!, 6);
    });
  });

  it.each([
    ['negotiate', async (p) => (await import('../index.js')).negotiate(p, await backend())],
    ['expandComposites', async (p) => (await import('../index.js')).expandComposites(p, () => false)],
    [
      'decompose',
      async (p) => {
        const { decompose } = await import('../index.js');
        const { buildProgram } = await import('../tracing.js');
        return buildProgram([f32], (e, value) => decompose(e, p.instructions[0]!.attributes as never, [value!]));
      },
    ],
    ['evaluateProgram', async (p) => (await import('../evaluator/index.js')).evaluateProgram(p, [x])],
    ['printStableHLO', async (p) => (await import('../text/index.js')).printStableHLO(p)],
  ] as [string, (program: Awaited<ReturnType<typeof traced>>) => Promise<unknown>][])(
    'needs nothing first with the public %s',
    async (_, use) => {
      await expect(use(await traced(name))).resolves.toBeDefined();
    },
  );
});
