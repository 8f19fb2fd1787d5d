import { describe, expect, it } from 'vitest';
import { missingTools } from './optional-tools.js';

const reason = missingTools();
const limit = 120 * 1024;

/** Text that only the named layer's own module has. */
const marks = {
  BatchNormalization: 'moving_variance_initializer',
  DepthwiseConv2D: 'depth_multiplier',
  Embedding: 'embeddings_initializer',
  Permute: 'once; the batch is axis 0',
};

const { measure } = (
  reason === undefined ? await import('../../tools/bundle/measure.mjs') : {}
) as typeof import('../../tools/bundle/measure.mjs');

describe.skipIf(reason !== undefined)(
  `the README's program${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    it.each(['esbuild', 'rollup'])('with %s: everything that loads is at most 120 KB gzipped', async (bundler) => {
      const { gzipped } = await measure(bundler);
      expect(gzipped).toBeLessThanOrEqual(limit);
    });

    it.each(['esbuild', 'rollup', 'vite', 'webpack', 'bun'])(
      'with %s: runs, and holds no layer that it does not use',
      async (bundler) => {
        const { text } = await measure(bundler);
        expect(text).toContain('pool_size');
        for (const [layer, mark] of Object.entries(marks)) expect([layer, text.includes(mark)]).toEqual([layer, false]);
      },
    );

    it.each(['esbuild', 'rollup', 'vite', 'webpack', 'bun'])(
      'with %s: loadModel finds classes that the program never named',
      async (bundler) => {
        const { output, text } = await measure(bundler, 'load.mjs');
        expect(output).toContain('layers 10');
        for (const mark of Object.values(marks)) expect(text).toContain(mark);
      },
    );
  },
);
