/** Which backend eager code uses when nobody said. */
import {
  type Backend,
  type BackendFactory,
  backends,
  CeratopsError,
  type MemoryStatistics,
  suggest,
} from '@ceratops/kernel-registry';
import { builtin, host } from '../host.js';
import { runtime } from '../runtime.js';
import { moveVariable } from '../variable.js';
import { Engine, type EngineOptions } from './engine.js';

/** Tried in Node when nothing is registered, the fastest first. */
export const officialPackages: Readonly<Record<string, string>> = {
  cuda: '@ceratops/backend-cuda-native',
  webgpu: '@ceratops/backend-webgpu',
  cpu: '@ceratops/backend-cpu',
};

export type BackendOptions = EngineOptions & { readonly [name: string]: unknown };

export function currentEngine(): Engine {
  const state = runtime();
  state.engine ??= new Engine(() => createDefault());
  return state.engine;
}

/** Runs what follows on this backend instance; for tests and for backends made by hand. */
export function useBackend(backend: Backend, options: EngineOptions = {}): void {
  runtime().engine = new Engine(() => backend, options);
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
  const factory = registeredBackend(name) ?? (await importOfficial(name));
  if (factory === undefined) throw unknownBackend(name);
  const backend = await create(factory, options);
  const former = state.engine;
  if (former?.unbound) {
    former.rebind(() => backend, options);
    former.start();
    return;
  }
  state.engine = new Engine(() => backend, options);
  state.engine.start();
  const moves: Promise<void>[] = [];
  for (const reference of state.variables) {
    const variable = reference.deref();
    if (variable !== undefined) moves.push(moveVariable(variable, state.engine));
  }
  // A value that its backend lost stays lost, and says so when it is read; that must not keep the others from moving.
  await Promise.allSettled(moves);
}

function registeredBackend(name: string): BackendFactory | undefined {
  return backends().find((factory) => factory.name === name);
}

function createDefault(): Backend | Promise<Backend> {
  const wanted = host.process?.env?.CERATOPS_BACKEND;
  if (wanted !== undefined && wanted !== '') {
    const factory = registeredBackend(wanted);
    return factory === undefined ? importAndCreate([wanted]) : create(factory);
  }
  const [best] = backends();
  return best === undefined ? importAndCreate(Object.keys(officialPackages)) : create(best);
}

function create(factory: BackendFactory, options?: BackendOptions): Backend | Promise<Backend> {
  return factory.create(options);
}

async function importAndCreate(names: readonly string[]): Promise<Backend> {
  for (const name of names) {
    const factory = await importOfficial(name);
    if (factory !== undefined) return create(factory);
  }
  if (names.length === 1) throw unknownBackend(names[0]!);
  throw noBackend();
}

/** Imports an official package from the application's folder, where there is such a thing; importing registers it. */
async function importOfficial(name: string): Promise<BackendFactory | undefined> {
  const specifier = officialPackages[name];
  const location = specifier === undefined ? undefined : resolveFromApplication(specifier);
  if (location === undefined) return undefined;
  await import(/* @vite-ignore */ /* webpackIgnore: true */ location);
  return registeredBackend(name);
}

interface ModuleBuiltin {
  createRequire(path: string): { resolve(specifier: string): string };
}

interface UrlBuiltin {
  pathToFileURL(path: string): { href: string };
}

function resolveFromApplication(specifier: string): string | undefined {
  const modules = builtin<ModuleBuiltin>('module');
  const url = builtin<UrlBuiltin>('url');
  const folder = host.process?.cwd?.();
  if (modules === undefined || url === undefined || folder === undefined) return undefined;
  try {
    return url.pathToFileURL(modules.createRequire(`${folder}/`).resolve(specifier)).href;
  } catch {
    return undefined;
  }
}

function noBackend(): CeratopsError {
  return new CeratopsError('NO_BACKEND', 'no backend is installed', {
    remedy: "npm install @ceratops/backend-cpu, then import '@ceratops/backend-cpu'",
  });
}

function unknownBackend(name: string): CeratopsError {
  const specifier = officialPackages[name];
  const known = backends().map((factory) => factory.name);
  return new CeratopsError(specifier === undefined ? 'UNKNOWN_NAME' : 'NO_BACKEND', 'no such backend', {
    subject: name,
    expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a registered backend',
    remedy:
      specifier === undefined
        ? (suggest(name, new Set([...known, ...Object.keys(officialPackages)])) ??
          'import the package that registers it')
        : `npm install ${specifier}, then import '${specifier}'`,
  });
}
