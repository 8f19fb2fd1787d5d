/** Which backend eager code uses when nobody said. */
import type { Backend, MemoryStatistics } from '@ceratops/kernel-registry';
import { createDefault, findBackend } from '../platform/node.js';
import { runtime } from '../runtime.js';
import { moveVariable } from '../variable.js';
import { Engine, type EngineOptions } from './engine.js';

export type BackendOptions = EngineOptions & { readonly [name: string]: unknown };

export function currentEngine(): Engine {
  const state = runtime();
  state.engine ??= new Engine(createDefault);
  return state.engine;
}

/** Runs what follows on this backend instance; for tests and for backends made by hand. */
export function useBackend(backend: Backend, options: EngineOptions = {}): void {
  runtime().engine = new Engine(() => backend, options, null);
}

/** The backend in use; undefined until something needed one. */
export function getBackend(): Backend | undefined {
  return runtime().engine?.backend ?? undefined;
}

/**
 * Closes the current backend: what waits is rejected with ABORTED, its tensors and variables are gone, its threads end. The next op
 * that needs a backend makes a new one.
 */
export async function closeBackend(): Promise<void> {
  const state = runtime();
  const { engine } = state;
  state.engine = undefined;
  await engine?.close();
}

/** What lives on the current backend. */
export function memory(): MemoryStatistics {
  return currentEngine().statistics();
}

/**
 * Makes a backend the one that new tensors live on, and moves all variables to it. Tensors stay where they are.
 * @throws CeratopsError UNKNOWN_NAME when no such backend is registered or installed.
 */
export async function setBackend(name: string, options: BackendOptions = {}): Promise<void> {
  const state = runtime();
  const factory = await findBackend(name);
  const create = (): Backend | Promise<Backend> => factory.create(options);
  const backend = await create();
  const former = state.engine;
  if (former?.unbound) {
    former.rebind(() => backend, options, create);
    former.start();
    return;
  }
  state.engine = new Engine(() => backend, options, create);
  state.engine.start();
  const moves: Promise<void>[] = [];
  for (const reference of state.variables) {
    const variable = reference.deref();
    if (variable !== undefined) moves.push(moveVariable(variable, state.engine));
  }
  // A value that its backend lost stays lost, and says so when it is read; that must not keep the others from moving.
  await Promise.allSettled(moves);
}
