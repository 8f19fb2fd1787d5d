/** What a host's threads are. No page loads this at its start. */

import { hasWebWorkers, host } from './globals.js';
import { nodeModule } from './node.js';

/** The parts of `node:worker_threads`' and the web's Worker that both have, or one may lack. */
export interface WorkerHandle {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref?(): void;
  on?(event: 'error' | 'exit', listener: (reason: unknown) => void): void;
  addEventListener?(event: 'error', listener: (reason: unknown) => void): void;
}

export function hasWorkers(): boolean {
  return nodeModule('worker_threads') !== undefined || hasWebWorkers();
}

/** Memory that threads share exists, and this page may use it. */
export function hasSharedMemory(): boolean {
  return host.SharedArrayBuffer !== undefined && host.crossOriginIsolated !== false;
}

/** A browser's page thread must never block. */
export function isPageThread(): boolean {
  return host.window !== undefined && host.process?.versions?.node === undefined;
}

export function processorCount(): number {
  const os = nodeModule<{ availableParallelism?(): number; cpus(): readonly unknown[] }>('os');
  return os?.availableParallelism?.() ?? os?.cpus().length ?? host.navigator?.hardwareConcurrency ?? 1;
}
