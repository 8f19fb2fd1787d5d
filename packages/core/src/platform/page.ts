/** In a page's bundle, in place of `node.ts`: nothing is installed there, and nothing but pressure makes it collect. */
import { type Backend, type BackendFactory, backends, loadPart } from '@ceratops/kernel-registry';
import { noBackend, unknownBackend } from './backend-errors.js';

export function createDefault(): Backend | Promise<Backend> {
  const [best] = backends();
  if (best === undefined) throw noBackend();
  return best.create();
}

export async function findBackend(name: string): Promise<BackendFactory> {
  const factory = backends().find((registered) => registered.name === name);
  if (factory === undefined) throw unknownBackend(name);
  return factory;
}

export function loadDecompositions(): Promise<void> {
  return loadPart(async () => (await import('./decompositions.js')).bringDecompositions());
}

export function hostCollector(): (() => void) | undefined {
  return undefined;
}
