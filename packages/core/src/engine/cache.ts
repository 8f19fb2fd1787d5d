/**
 * Executables by program: found by structural hash and full compare, least recently used out first when their estimated size
 * passes a limit. A failed compilation is forgotten, so that the next call tries again.
 */
import {
  type Backend,
  type CeratopsError,
  type Executable,
  equalPrograms,
  hashProgram,
  isCeratopsError,
  type Program,
} from '@ceratops/kernel-registry';
import { negotiate } from '@ceratops/kernel-registry/tracing';
import { loadDecompositions } from '../platform/node.js';
import { normalise } from './failure.js';

/** One attempt at compiling. */
export interface Compilation {
  executable: Executable | null;
  error: CeratopsError | null;
  /** Settles, never rejects, when an asynchronous attempt is over; null once it is. */
  pending: Promise<void> | null;
}

export class CachedProgram {
  readonly program: Program;
  readonly hash: number;
  readonly bytes: number;
  compilation: Compilation | null = null;
  /** Launches that wait with this program; it is not evicted under them. */
  waiting = 0;

  constructor(program: Program, hash: number) {
    this.program = program;
    this.hash = hash;
    this.bytes = estimateBytes(program);
  }
}

/** Program text, executable and generated code together, roughly. */
function estimateBytes(program: Program): number {
  let bytes = 1024;
  for (const { op, attributes } of program.instructions) {
    bytes += 512;
    if (op === 'constant') bytes += attributes.value.data.byteLength;
  }
  return bytes;
}

export class ExecutableCache {
  readonly #limit: number;
  readonly #byHash: Map<number, CachedProgram[]> = new Map();
  /** In order of use, the oldest first. */
  readonly #programs: Set<CachedProgram> = new Set();
  #bytes = 0;
  /** Attempts made so far; a test's measure of "compiles nothing". */
  compilations = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** The entry of a program, compiled or not. */
  get(program: Program): CachedProgram {
    const hash = hashProgram(program);
    const found = this.#byHash.get(hash)?.find((entry) => equalPrograms(entry.program, program));
    if (found === undefined) return this.#insert(new CachedProgram(program, hash));
    this.touch(found);
    return found;
  }

  /** Marks as just used; brings an evicted entry back. */
  touch(entry: CachedProgram): void {
    if (this.#programs.delete(entry)) this.#programs.add(entry);
    else this.#insert(entry);
  }

  /** The running or finished compilation of an entry, started if there is none. */
  compile(entry: CachedProgram, backend: Backend): Compilation {
    if (entry.compilation !== null) return entry.compilation;
    const attempt: Compilation = { executable: null, error: null, pending: null };
    entry.compilation = attempt;
    this.compilations++;
    const fail = (error: unknown): void => {
      attempt.error = normalise(error, entry.program.name);
      attempt.pending = null;
      if (entry.compilation === attempt) entry.compilation = null;
    };
    const succeed = (executable: Executable): void => {
      attempt.executable = executable;
      attempt.pending = null;
    };
    const compile = (program: Program): Executable | Promise<Executable> =>
      backend.compile(program, { label: entry.program.name });
    try {
      const program = negotiated(entry.program, backend);
      const result = isPromise(program) ? program.then(compile) : compile(program);
      if (isPromise(result)) attempt.pending = result.then(succeed, fail);
      else succeed(result);
    } catch (error) {
      fail(error);
    }
    return attempt;
  }

  /** Releases every executable. */
  clear(): void {
    for (const entry of [...this.#programs]) this.#evict(entry);
  }

  #insert(entry: CachedProgram): CachedProgram {
    this.#programs.add(entry);
    const bucket = this.#byHash.get(entry.hash);
    if (bucket === undefined) this.#byHash.set(entry.hash, [entry]);
    else bucket.push(entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#programs) {
      if (this.#bytes <= this.#limit) break;
      if (oldest !== entry && oldest.waiting === 0 && oldest.compilation?.pending == null) this.#evict(oldest);
    }
    return entry;
  }

  #evict(entry: CachedProgram): void {
    this.#programs.delete(entry);
    const others = (this.#byHash.get(entry.hash) ?? []).filter((other) => other !== entry);
    if (others.length > 0) this.#byHash.set(entry.hash, others);
    else this.#byHash.delete(entry.hash);
    this.#bytes -= entry.bytes;
    entry.compilation?.executable?.release();
    entry.compilation = null;
  }
}

/** The program as the backend takes it; a promise where a decomposition has to load first. */
function negotiated(program: Program, backend: Backend): Program | Promise<Program> {
  try {
    return negotiate(program, backend);
  } catch (error) {
    if (!isCeratopsError(error) || error.code !== 'WOULD_BLOCK') throw error;
    const loading = loadDecompositions();
    return loading === undefined ? negotiate(program, backend) : loading.then(() => negotiate(program, backend));
  }
}

/** Also for promises of other realms and libraries. */
export function isPromise<T extends object>(value: T | Promise<T>): value is Promise<T> {
  return 'then' in value && typeof value.then === 'function';
}
