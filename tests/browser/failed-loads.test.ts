/** Whichever chunk of a page fails to load: the call that needs it says so, loses nothing, and works when it is made again. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingTools } from '../packages/optional-tools.js';
import { chromiumPath, skipReason } from './chromium.js';
import { makeSteps } from './late-loads.js';

interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly code?: string; readonly remedy?: string; readonly message: string };
}

const reason = skipReason() ?? missingTools();
const tools = reason === undefined ? await import('../../tools/bundle/page.mjs') : undefined;
const { bundlers } = (reason === undefined ? await import('../../tools/bundle/bundlers.mjs') : {}) as never as {
  bundlers: Record<string, (entry: string, folder: string) => Promise<void>>;
};

const startPage = `<!doctype html><script type="module">
  import { makeSteps } from './late-loads.mjs';
  const steps = makeSteps();
  globalThis.attempt = async (name) => {
    try {
      return { value: await steps[name]() };
    } catch ({ code, remedy, message }) {
      return { error: { code, remedy, message } };
    }
  };
</script>`;

describe.skipIf(reason !== undefined)(`late chunks${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let folder: string;
  let browser: Browser;
  let refused: string | undefined;
  let site: ReturnType<typeof import('../../tools/bundle/page.mjs')['serve']>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ceratops-late-'));
    await bundlers['esbuild']!(fileURLToPath(new URL('late-loads.ts', import.meta.url)), folder);
    writeFileSync(join(folder, 'index.html'), startPage);
    site = tools!.serve(folder, (file) => file === refused);
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(site.address());
    await page.waitForFunction('globalThis.attempt !== undefined');
    return page;
  }

  const attempt = (page: Page, name: string): Promise<Outcome> => page.evaluate(`attempt('${name}')`);

  it('may each fail once', async () => {
    const steps = makeSteps();
    const expected: [string, unknown][] = [];
    for (const name of Object.keys(steps)) expected.push([name, await steps[name]!()]);

    const first = await open();
    /** By late chunk, the number of the step that needs it. */
    const late = new Map<string, number>(site.scripts.map(({ file }) => [file, -1]));
    for (const [i, [name, value]] of expected.entries()) {
      const outcome = await attempt(first, name);
      expect([name, outcome.error]).toEqual([name, undefined]);
      expectNear(outcome.value, value, name);
      for (const { file } of site.scripts) if (!late.has(file)) late.set(file, i);
    }
    await first.close();
    expect([...late.keys()].join()).toMatch(/server-.*decompositions-|decompositions-.*server-/);

    for (const [chunk, last] of late) {
      if (last < 0) continue;
      const page = await open();
      refused = chunk;
      const failed: string[] = [];
      for (const [name, value] of expected.slice(0, last + 1)) {
        let outcome = await attempt(page, name);
        // The second attempt may still meet a request that was under way when the first one failed.
        for (let i = 0; i < 3 && outcome.error !== undefined; i++) {
          const { code, remedy, message } = outcome.error;
          expect([chunk, name, code, message]).toEqual([chunk, name, 'LOAD_FAILED', expect.anything()]);
          expect(remedy).toContain('call again');
          if (i === 0) failed.push(name);
          refused = undefined;
          outcome = await attempt(page, name);
        }
        expect([chunk, name, outcome.error]).toEqual([chunk, name, undefined]);
        expectNear(outcome.value, value, `${chunk}: ${name}`);
      }
      expect([chunk, failed]).toEqual([chunk, [expected[last]![0]]]);
      refused = undefined;
      await page.close();
    }
  }, 300_000);
});

/** Equal trees, floats within 1e-5. */
function expectNear(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === 'number') expect(actual, where).toBeCloseTo(expected, 5);
  else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object), where).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected))
      expectNear((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  } else expect(actual, where).toEqual(expected);
}
