import type { Backend } from '@ceratops/kernel-registry';
import { CpuBackend } from './backend.js';
import type { CpuBackendOptions } from './engine.js';
import { createPageBackend } from './page/create.js';
import { hasWorkers, isPageThread } from './platform/threads.js';

/** A backend of its own memory and threads. On a browser's page it computes in a worker, so that the page never blocks. */
export function createCpuBackend(options: CpuBackendOptions = {}): Backend {
  return isPageThread() && hasWorkers() ? createPageBackend(options) : new CpuBackend(options);
}
