/** The built packages in Node, Bun and Deno. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missingTools, toolsFolder } from './optional-tools.js';

const reason = missingTools();
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, {
    cwd: toolsFolder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });

const program = fileURLToPath(new URL('../../tools/bundle/runtime.mjs', import.meta.url));

describe('training and saving', () => {
  it('in Node', () => {
    expect(run(process.execPath, program)).toContain('same predictions: true');
  });

  it.skipIf(reason !== undefined)(`in Bun${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
    expect(run(`${toolsFolder}node_modules/.bin/bun`, 'run', program)).toContain('same predictions: true');
  });

  it.skipIf(reason !== undefined)(`in Deno${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
    expect(run(`${toolsFolder}node_modules/.bin/deno`, 'run', '--allow-all', program)).toContain(
      'same predictions: true',
    );
  });
});
