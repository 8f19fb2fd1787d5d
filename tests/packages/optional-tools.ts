/** Bundlers and other runtimes live in `tools/bundle`, apart from the workspace. Installed in CI; elsewhere used when there. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const toolsFolder: string = fileURLToPath(new URL('../../tools/bundle/', import.meta.url));

/** Why tests with these tools are skipped, or undefined when they run. */
export function missingTools(): string | undefined {
  if (existsSync(`${toolsFolder}node_modules`)) return undefined;
  if (process.env.CI === 'true') throw new Error('CI lacks tools/bundle/node_modules: .ci/run installs it');
  return 'run `npm install --prefix tools/bundle` first';
}
