import { describe, expect, it, vi } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { coreVersion, runtime } from './runtime.js';

const symbol = Symbol.for('@ceratops/core');

describe('two copies of the package', () => {
  it('share their state when they are of one version', async () => {
    const first = runtime();
    vi.resetModules();
    const second = await import('./runtime.js');
    expect(second.runtime).not.toBe(runtime);
    expect(second.runtime()).toBe(first);
  });

  it('refuse each other, naming both versions, when they are not', async () => {
    const holder = globalThis as unknown as Record<symbol, { version: string }>;
    const before = holder[symbol]!;
    holder[symbol] = { ...before, version: '0.0.9' };
    vi.resetModules();
    const other = await import('./runtime.js');
    expect(() => other.runtime()).toThrow(/expected 0\.0\.9, received 0\.1\.0/);
    holder[symbol] = before;
  });
});

it('says the version of its manifest', () => {
  expect(coreVersion).toBe(manifest.version);
});
