import { afterEach, describe, expect, it, vi } from 'vitest';
import { compatibleContracts, registry } from './registry.js';

const holder = globalThis as unknown as Record<symbol, unknown>;
const symbol = Symbol.for('ceratops.kernel-registry');

afterEach(() => {
  vi.resetModules();
});

describe('two copies of this package', () => {
  it('share one registry', async () => {
    const first = registry();
    vi.resetModules();
    const copy = await import('./registry.js');
    expect(copy.registry).not.toBe(registry);
    expect(copy.registry()).toBe(first);
  });

  it('refuse each other when their contracts differ, naming both', async () => {
    const before = holder[symbol];
    holder[symbol] = { contract: '0.9.3', backends: new Map(), composites: new Map(), kernels: new Map() };
    vi.resetModules();
    const copy = await import('./registry.js');
    expect(() => copy.registry()).toThrowError(
      expect.objectContaining({ code: 'VERSION_MISMATCH', expected: 'contract 0.1.0', received: 'contract 0.9.3' }),
    );
    holder[symbol] = before;
  });
});

it.each([
  ['0.1.0', '0.1.7', true],
  ['0.1.0', '0.2.0', false],
  ['1.2.0', '1.9.1', true],
  ['1.0.0', '2.0.0', false],
  ['0.1.0', '1.1.0', false],
])('contracts %s and %s fit: %s', (a, b, fit) => {
  expect(compatibleContracts(a, b)).toBe(fit);
});
