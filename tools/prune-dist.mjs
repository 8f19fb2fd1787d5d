// @ts-check
/** Run in a package after `tsc -b`, which leaves the outputs of deleted sources in `dist`: removes them, or they would be published. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const source = join(entry.parentPath, entry.name).replace(/^dist/, 'src');
  if (entry.isDirectory()) {
    if (!existsSync(source)) rmSync(join(entry.parentPath, entry.name), { recursive: true, force: true });
    continue;
  }
  const stem = source.replace(/(\.d)?\.(ts|js)(\.map)?$/, '');
  const isOutput = stem !== source;
  if (isOutput && !['.ts', '.js'].some((ending) => existsSync(`${stem}${ending}`)))
    rmSync(join(entry.parentPath, entry.name), { force: true });
}
