import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingTools } from './optional-tools.js';

const reason = missingTools();
/** Everything that loads, gzipped; docs/decisions/barrels-and-chunks.md says how it is kept. */
const ceiling = 120 * 1024;

/** Text that only the named layer's own module has. */
const marks = {
  BatchNormalization: 'moving_variance_initializer',
  DepthwiseConv2D: 'depth_multiplier',
  Embedding: 'mask_zero',
  Permute: 'once; the batch is axis 0',
};

/** By source file, text of its that bundlers keep: what the README's program never runs, and so should not load. */
const rare = {
  'core/src/random/mersenne-twister.ts': '1812433253',
  'kernel-registry/src/infer/numeric.ts': 'matrices [..., n, n]',
};

const { measure } = (
  reason === undefined ? await import('../../tools/bundle/measure.mjs') : {}
) as typeof import('../../tools/bundle/measure.mjs');

describe.skipIf(reason !== undefined)(
  `the README's program${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    it.each(['esbuild', 'rollup'])('with %s: what loads is at most 120 KB gzipped', async (bundler) => {
      const { gzipped } = await measure(bundler);
      expect(gzipped).toBeLessThanOrEqual(ceiling);
    });

    it.each(['esbuild', 'rollup', 'vite', 'webpack', 'bun'])(
      'with %s: runs, and holds no layer and no rare code that it does not use',
      async (bundler) => {
        const { text } = await measure(bundler);
        expect(text.includes('pool_size')).toBe(true);
        for (const [layer, mark] of Object.entries(marks)) expect([layer, text.includes(mark)]).toEqual([layer, false]);
        for (const [file, mark] of Object.entries(rare)) {
          expect(readFileSync(new URL(`../../packages/${file}`, import.meta.url), 'utf8')).toContain(mark);
          expect([file, text.includes(mark)]).toEqual([file, false]);
        }
      },
    );

    it.each(['esbuild', 'rollup', 'vite', 'webpack', 'bun'])(
      'with %s: loadModel finds classes that the program never named',
      async (bundler) => {
        const { output, text } = await measure(bundler, 'load.mjs', false);
        expect(output).toContain('layers 10');
        for (const [layer, mark] of Object.entries(marks)) expect([layer, text.includes(mark)]).toEqual([layer, true]);
      },
    );
  },
);
