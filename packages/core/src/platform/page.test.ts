import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly browser: Readonly<Record<string, string>>;
};

async function fresh() {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('ceratops.kernel-registry'));
  return { page: await import('./page.js'), registry: await import('@ceratops/kernel-registry') };
}

let page: Awaited<ReturnType<typeof fresh>>['page'];
let registry: Awaited<ReturnType<typeof fresh>>['registry'];
beforeEach(async () => {
  ({ page, registry } = await fresh());
});

function register(name: string, priority: number): { readonly name: string } {
  const backend = { name };
  registry.registerBackend({ name, priority, contract: registry.contractVersion, create: () => backend } as never);
  return backend;
}

describe('the platform of pages', () => {
  it('stands in for that of Node, file by file and name by name', async () => {
    for (const path of Object.entries(manifest.browser).flat()) {
      const source = path.replace('./dist/', '../../src/').replace(/\.js$/, '.ts');
      expect(existsSync(new URL(source, import.meta.url)), path).toBe(true);
    }
    expect(manifest.browser).toHaveProperty(['./dist/platform/node.js'], './dist/platform/page.js');
    const node = await import('./node.js');
    expect(Object.keys(page).sort()).toEqual(Object.keys(node).sort());
  });

  it('makes the best registered backend, and says what to install when there is none', () => {
    expect(() => page.createDefault()).toThrow(
      expect.objectContaining({ code: 'NO_BACKEND', remedy: expect.stringContaining('npm install') }),
    );
    register('slow', 1);
    const best = register('fast', 2);
    expect(page.createDefault()).toBe(best);
  });

  it('finds registered backends by name, and names those that there are', async () => {
    register('mine', 1);
    expect((await page.findBackend('mine')).name).toBe('mine');
    await expect(page.findBackend('mime')).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      expected: 'one of mine',
      remedy: expect.stringContaining("'mine'"),
    });
    await expect(page.findBackend('webgpu')).rejects.toMatchObject({ code: 'NO_BACKEND' });
  });
});
