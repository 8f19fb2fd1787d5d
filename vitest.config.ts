import { defineConfig } from 'vitest/config';

const conditions = ['@ceratops/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    // Nothing is found that an earlier run left behind; tests of the cache name their folder.
    env: { CERATOPS_PLAN_CACHE: '0' },
  },
});
