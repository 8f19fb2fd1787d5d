/** What the running code of this package, the compiler and the contract is: plans of other code are not its own. */

import { contractVersion, opsetVersion } from '@ceratops/kernel-registry';
import { nodeModule } from '../platform/node.js';
import { packageVersion } from '../version.js';
import type { FileSystem, Modules, Paths } from './files.js';

const packages = ['@ceratops/backend-cpu', '@ceratops/compiler', '@ceratops/kernel-registry'];
const isCode = /^(?!.*(\.d|\.test)\.ts$).*\.[jt]s$/;

let known: string | undefined;

/** @throws Error in a bundle: nothing there says what is in it. */
export function builtFrom(): string {
  return (known ??= describe((import.meta as unknown as { readonly url: string }).url));
}

function describe(url: string): string {
  const kind = /\/(dist|src)\/plan-cache\/built-from\.[jt]s$/.exec(url)?.[1];
  if (kind === undefined) throw new Error('bundled');
  const files = nodeModule<FileSystem>('fs')!;
  const { dirname } = nodeModule<Paths>('path')!;
  const { resolve } = nodeModule<Modules>('module')!.createRequire(url);
  const parts = packages.map((name) => {
    const json = resolve(`${name}/package.json`);
    // What was installed changes with its version; what is worked on, whenever it is built.
    if (/[\\/]node_modules[\\/]/.test(json)) return String.fromCharCode(...files.readFileSync(json));
    return statusOf(files, `${dirname(json)}/${kind}`);
  });
  return [packageVersion, contractVersion, opsetVersion, ...parts].join('\n');
}

/** Names, sizes and times of all code. */
function statusOf(files: FileSystem, folder: string): string {
  let text = '';
  for (const entry of files.readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) text += `${entry.name}(${statusOf(files, path)})`;
    else if (isCode.test(entry.name)) {
      const { size, mtimeMs } = files.statSync(path);
      text += `${entry.name} ${size} ${mtimeMs}\n`;
    }
  }
  return text;
}
