import { host } from '../platform/globals.js';
import { environmentVariable, nodeModule } from '../platform/node.js';
import type { FileStatus, FileSystem, OperatingSystem, Paths } from './files.js';

const ownNames = /^[0-9a-f]{8}\.plan(\.\w+)?$/;
/** A temporary file that is older was left behind by a process that died. */
const longestWrite = 3_600_000;

/** Files by number in one folder of limited size. Nothing throws: what cannot be read or written is as if it were not there. */
export class Folder {
  readonly #path: string;
  readonly #limitBytes: number;
  readonly #files: FileSystem;
  /** Since the folder's size was last looked at; infinite before that. */
  #written = Number.POSITIVE_INFINITY;

  constructor(path: string, limitBytes: number, files: FileSystem) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#files = files;
  }

  read(number: number): Uint8Array | undefined {
    return attempt(() => this.#files.readFileSync(this.#pathOf(number)));
  }

  /** Marks as just used. */
  touch(number: number): void {
    const now = new Date();
    attempt(() => this.#files.utimesSync(this.#pathOf(number), now, now));
  }

  /** Whoever reads meanwhile has the old file or the new one, whole. False where nothing was written. */
  write(number: number, data: Uint8Array): boolean {
    if (data.length > this.#limitBytes / 16) return false;
    const files = this.#files;
    const path = this.#pathOf(number);
    const temporary = `${path}.${Math.random().toString(36).slice(2)}`;
    const done = attempt(() => {
      files.mkdirSync(this.#path, { recursive: true, mode: 0o700 });
      files.writeFileSync(temporary, data, { mode: 0o600, flag: 'wx' });
      files.renameSync(temporary, path);
      return true;
    });
    if (done === undefined) {
      attempt(() => files.rmSync(temporary, { force: true }));
      return false;
    }
    this.#written += data.length;
    if (this.#written > this.#limitBytes / 16) attempt(() => this.#sweep());
    return true;
  }

  #pathOf(number: number): string {
    return `${this.#path}/${number.toString(16).padStart(8, '0')}.plan`;
  }

  /** Removes what was least recently used, down to the limit. */
  #sweep(): void {
    this.#written = 0;
    const files = this.#files;
    const kept: (FileStatus & { readonly path: string })[] = [];
    for (const { name } of files.readdirSync(this.#path, { withFileTypes: true })) {
      if (!ownNames.test(name)) continue;
      const path = `${this.#path}/${name}`;
      const status = attempt(() => files.statSync(path));
      if (status === undefined) continue;
      const { size, mtimeMs } = status;
      if (name.endsWith('.plan')) kept.push({ path, size, mtimeMs });
      else if (Date.now() - mtimeMs > longestWrite) attempt(() => files.rmSync(path, { force: true }));
    }
    kept.sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const { path, size } of kept) {
      bytes += size;
      if (bytes > this.#limitBytes) attempt(() => files.rmSync(path, { force: true }));
    }
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Where the platform keeps what a user's programs can make again. */
export function userFolder(): string | undefined {
  const { join } = nodeModule<Paths>('path')!;
  const inHome = (...parts: string[]): string | undefined =>
    attempt(() => join(nodeModule<OperatingSystem>('os')!.homedir(), ...parts));
  const folders: { readonly [platform: string]: () => string | undefined } = {
    win32: () => environmentVariable('LOCALAPPDATA'),
    darwin: () => inHome('Library', 'Caches'),
  };
  const usual = (): string | undefined => environmentVariable('XDG_CACHE_HOME') || inHome('.cache');
  const base = (folders[host.process?.platform ?? ''] ?? usual)();
  return base && join(base, 'ceratops', 'plans');
}
