// @ts-check
/** Steps that the README's commands share: install what is missing, build what is stale, run a program. */

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program in the workspace root with its output shown; ends this process with its exit code when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [environment]
 */
export function run(command, args, environment = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * `npm install` when node_modules is missing or older than the lock file. Not `npm ci`, which refuses a lock file made
 * where the registry lacks the native packages of other platforms.
 * @param {string} [folder]
 * @param {readonly string[]} [flags]
 */
export function install(folder = root, flags = []) {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  const lock = join(folder, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing dependencies …');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...flags]);
}

/** Builds every package and example; unchanged ones come from Nx's cache. */
export function build() {
  run('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle=static'], { NX_DAEMON: 'false' });
}
