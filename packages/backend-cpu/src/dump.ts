import { environmentVariable, nodeModule } from './platform/node.js';

interface FileSystem {
  mkdirSync(path: string, options: { readonly recursive: true }): void;
  writeFileSync(path: string, data: Uint8Array): void;
}

let dumped = 0;

/** Writes a module to the folder that CERATOPS_DUMP names, beside the compiler's stages; nothing where it names none. */
export function dumpStage(label: string, code: Uint8Array): void {
  const folder = environmentVariable('CERATOPS_DUMP');
  if (folder === undefined || folder === '' || folder === 'stages') return;
  const files = nodeModule<FileSystem>('fs');
  files?.mkdirSync(folder, { recursive: true });
  files?.writeFileSync(`${folder}/${String(dumped++).padStart(4, '0')}-${label.replace(/[^\w.-]+/g, '_')}.wasm`, code);
}
