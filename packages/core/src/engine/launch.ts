/** One launch of a program: runs at once or in its turn, and poisons its outputs when it cannot. */
import type { Backend, BufferId, CeratopsError, Executable } from '@ceratops/kernel-registry';
import type { Buffer } from './buffer.js';
import type { CachedProgram, Compilation } from './cache.js';
import type { Engine } from './engine.js';
import { normalise } from './failure.js';
import type { Job } from './queue.js';

export interface LaunchOptions {
  /** Inputs whose alias must not be taken. */
  readonly vetoed?: readonly number[] | undefined;
  /** Inputs that the program takes over: they are gone once it is launched. */
  readonly donated?: readonly Buffer[] | undefined;
  /** Called when the backend has taken the launch. */
  readonly onSuccess?: (() => void) | undefined;
  /** Called when the launch fails before the backend saw it: nothing was taken, nothing written. */
  readonly onFailure?: ((error: CeratopsError) => void) | undefined;
}

export class Launch implements Job {
  readonly #engine: Engine;
  readonly #entry: CachedProgram;
  readonly #inputs: readonly Buffer[];
  readonly #outputs: readonly Buffer[];
  readonly #options: LaunchOptions;
  #compilation: Compilation | null = null;

  constructor(
    engine: Engine,
    entry: CachedProgram,
    inputs: readonly Buffer[],
    outputs: readonly Buffer[],
    options: LaunchOptions,
  ) {
    this.#engine = engine;
    this.#entry = entry;
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#options = options;
    entry.waiting++;
  }

  blocker(backend: Backend): Promise<void> | null {
    this.#compilation ??= this.#engine.compile(this.#entry, backend);
    return this.#compilation.pending;
  }

  run(backend: Backend): void {
    this.#entry.waiting--;
    this.#compilation ??= this.#engine.compile(this.#entry, backend);
    const { executable, error } = this.#compilation;
    const cause = error ?? firstError(this.#inputs) ?? this.#execute(executable!);
    if (cause !== null) {
      this.#poison(cause);
      return;
    }
    for (const output of this.#outputs) output.allocation.state = 'live';
    for (const buffer of this.#options.donated ?? []) this.#engine.forget(buffer);
    this.#options.onSuccess?.();
  }

  #execute(executable: Executable): CeratopsError | null {
    const { vetoed } = this.#options;
    try {
      executable.execute({ inputs: ids(this.#inputs), outputs: ids(this.#outputs), vetoed });
      return null;
    } catch (error) {
      return normalise(error, this.#entry.program.name);
    }
  }

  fail(error: CeratopsError): void {
    this.#entry.waiting--;
    this.#poison(error);
  }

  #poison(error: CeratopsError): void {
    for (const output of this.#outputs) this.#engine.poison(output, error);
    this.#options.onFailure?.(error);
  }
}

function firstError(buffers: readonly Buffer[]): CeratopsError | null {
  for (const { error } of buffers) if (error !== null) return error;
  return null;
}

function ids(buffers: readonly Buffer[]): BufferId[] {
  const list = new Array<BufferId>(buffers.length);
  for (let i = 0; i < buffers.length; i++) list[i] = buffers[i]!.allocation.id;
  return list;
}
