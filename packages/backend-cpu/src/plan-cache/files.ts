/** The parts of `node:fs`, `node:os`, `node:path` and `node:module` that keeping plans takes. */

export interface FileStatus {
  readonly size: number;
  readonly mtimeMs: number;
}

export interface FolderEntry {
  readonly name: string;
  isDirectory(): boolean;
}

export interface FileSystem {
  readFileSync(path: string): Uint8Array;
  writeFileSync(path: string, data: Uint8Array, options: { readonly mode: number; readonly flag: 'wx' }): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { readonly force: true }): void;
  mkdirSync(path: string, options: { readonly recursive: true; readonly mode: number }): unknown;
  readdirSync(path: string, options: { readonly withFileTypes: true }): FolderEntry[];
  statSync(path: string): FileStatus;
  utimesSync(path: string, accessed: Date, modified: Date): void;
}

export interface OperatingSystem {
  homedir(): string;
}

export interface Paths {
  join(...parts: string[]): string;
  dirname(path: string): string;
}

export interface Modules {
  createRequire(url: string): { resolve(name: string): string };
}
