/**
 * What depends on where this package runs: here everywhere but in bundles for pages, which have `page.ts` in its place (the field `browser` of
 * package.json).
 */
import { type Backend, type BackendFactory, backends } from '@ceratops/kernel-registry';
import { bringDecompositions } from '@ceratops/kernel-registry/decompositions';
import { builtin, host } from '../host.js';
import { noBackend, officialPackages, unknownBackend } from './backend-errors.js';

/** The backend that the environment names, else the best that is registered, else an official one that is installed. */
export function createDefault(): Backend | Promise<Backend> {
  const wanted = host.process?.env?.CERATOPS_BACKEND;
  if (wanted !== undefined && wanted !== '') {
    const factory = registeredBackend(wanted);
    return factory === undefined ? findBackend(wanted).then((found) => found.create()) : factory.create();
  }
  const [best] = backends();
  return best === undefined ? createInstalled() : best.create();
}

async function createInstalled(): Promise<Backend> {
  for (const name of Object.keys(officialPackages)) {
    const factory = await importOfficial(name);
    if (factory !== undefined) return factory.create();
  }
  throw noBackend();
}

/** @throws CeratopsError UNKNOWN_NAME or NO_BACKEND when no such backend is registered or installed. */
export async function findBackend(name: string): Promise<BackendFactory> {
  const factory = registeredBackend(name) ?? (await importOfficial(name));
  if (factory === undefined) throw unknownBackend(name);
  return factory;
}

function registeredBackend(name: string): BackendFactory | undefined {
  return backends().find((factory) => factory.name === name);
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

/** The decompositions that composites do not have themselves. */
export function loadDecompositions(): void | Promise<void> {
  bringDecompositions();
}

let known: (() => void) | null | undefined;

/** A collector that finds all garbage at once. */
export function hostCollector(): (() => void) | undefined {
  if (known === undefined) known = (host.Bun?.gc === undefined ? nodeCollector() : () => host.Bun?.gc?.(true)) ?? null;
  return known ?? undefined;
}

interface V8 {
  setFlagsFromString(flags: string): void;
}

interface Vm {
  runInNewContext(code: string): unknown;
}

/** Node gives out its collector to a context made while the flag is set. */
function nodeCollector(): (() => void) | undefined {
  const v8 = builtin<V8>('v8');
  const vm = builtin<Vm>('vm');
  if (v8 === undefined || vm === undefined) return undefined;
  try {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
    return typeof collect === 'function' ? (collect as () => void) : undefined;
  } catch {
    return undefined;
  }
}
