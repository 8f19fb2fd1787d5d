import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('nx release gives a package a version of its own, and its dependents the range and a patch', {
  timeout: 120_000,
}, () => {
  const { version } = JSON.parse(readFileSync(`${root}packages/compiler/package.json`, 'utf8')) as { version: string };
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const next = `${major}.${minor + 1}.0`;
  const call = ['nx', 'release', 'version', next, '--projects=@ceratops/compiler', '--dry-run'];
  const env = { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1', FORCE_COLOR: '0' };
  const text = execFileSync('npx', call, { cwd: root, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
  expect(text).toContain(`packages/compiler/package.json: version ${next}`);
  expect(text).toContain(`packages/backend-cpu/package.json: @ceratops/compiler ^${next}`);
  expect(text).not.toContain('packages/core/package.json: version');
});
