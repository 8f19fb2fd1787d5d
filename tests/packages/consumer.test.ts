/**
 * Every package as a user gets it: packed, installed into an empty project, imported from ES modules and CommonJS, type
 * checked without DOM and Node types.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const packages = ['kernel-registry', 'compiler', 'core', 'backend-cpu', 'api'];
const project = mkdtempSync(join(tmpdir(), 'ceratops-consumer-'));

const program = `
const x = new Float32Array(8 * 4).map((_, i) => Math.sin(i));
const y = new Float32Array(8).map((_, i) => i % 2);
const model = keras.Sequential([keras.Input([4]), layers.Dense(3, { activation: 'relu' }), layers.Dense(1)]);
model.compile({ optimizer: 'sgd', loss: 'mse' });
model.fit(x, y, { epochs: 1, verbose: 0 }).then(async ({ history }) => {
  const p = await model.predict(x, { verbose: 0 });
  console.log(Number.isFinite(history.loss[0]), JSON.stringify(p.shape));
});
`;

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  const tarballs = join(project, 'tarballs');
  mkdirSync(tarballs);
  for (const name of packages) {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', tarballs], { cwd: join(root, 'packages', name) });
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...files);
}, 180_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed packages', () => {
  it('train from an ES module', () => {
    writeFileSync(
      join(project, 'esm.mjs'),
      `import * as keras from '@ceratops/api';
       import * as layers from '@ceratops/api/layers';
       import '@ceratops/backend-cpu';
       ${program}`,
    );
    expect(run(process.execPath, 'esm.mjs').trim()).toBe('true [8,1]');
  });

  it('train from CommonJS', () => {
    writeFileSync(
      join(project, 'common.cjs'),
      `const keras = require('@ceratops/api');
       const { layers } = keras;
       require('@ceratops/backend-cpu');
       ${program}`,
    );
    expect(run(process.execPath, '--no-warnings', 'common.cjs').trim()).toBe('true [8,1]');
  });

  it('find the CPU backend by themselves in Node', () => {
    writeFileSync(
      join(project, 'default.mjs'),
      `import * as keras from '@ceratops/api';
       import * as layers from '@ceratops/api/layers';
       ${program}`,
    );
    expect(run(process.execPath, 'default.mjs').trim()).toBe('true [8,1]');
  });

  it('have types that need neither DOM nor Node', () => {
    writeFileSync(
      join(project, 'typed.mts'),
      `import * as keras from '@ceratops/api';
       import * as layers from '@ceratops/api/layers';
       import '@ceratops/backend-cpu';
       const model = keras.Sequential([keras.Input([4]), layers.Dense(1)]);
       model.compile({ optimizer: 'adam', loss: 'mse' });
       export const history = await model.fit(new Float32Array(4), [[1]], { epochs: 1 });
       // @ts-expect-error units are required
       layers.Dense();`,
    );
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          lib: ['es2022'],
          types: [],
          strict: true,
          noEmit: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
        },
        files: ['typed.mts'],
      }),
    );
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    expect(run(tsc, '-p', 'tsconfig.json')).toBe('');
  });
});
