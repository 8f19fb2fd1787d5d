/**
 * `@ceratops/backend-cpu` as bundlers for browsers take it: importing it registers the backend `cpu`, whose compiler and
 * kernels are only in the worker's bundle.
 */

import { contractVersion, registerBackend } from '@ceratops/kernel-registry';
import { createPageBackend } from './page/create.js';
import { backendName, queryCpu } from './query.js';
import { packageVersion } from './version.js';

export type { CpuBackendOptions } from './engine.js';
export type { Blocking } from './kernels/blocking.js';
export type { CpuKernel, EmittedKernel, KernelBuffer, KernelCall, KernelCode, KernelTarget } from './kernels/kernel.js';
export { createPageBackend as createCpuBackend } from './page/create.js';

registerBackend({
  name: backendName,
  version: packageVersion,
  contract: contractVersion,
  priority: 10,
  query: queryCpu,
  create: (options = {}) => createPageBackend(options),
});
