/** `@ceratops/backend-cpu`: importing it registers the backend `cpu`; that is its only side effect. */

import { contractVersion, registerBackend } from '@ceratops/kernel-registry';
import { createCpuBackend } from './create.js';
import { backendName, queryCpu } from './query.js';
import { packageVersion } from './version.js';

export { createCpuBackend } from './create.js';
export type { CpuBackendOptions } from './engine.js';
export type { Blocking } from './kernels/blocking.js';
// Authors of kernels for this backend; the instructions are in `@ceratops/backend-cpu/wasm`.
export type { CpuKernel, EmittedKernel, KernelBuffer, KernelCall, KernelCode, KernelTarget } from './kernels/kernel.js';

registerBackend({
  name: backendName,
  version: packageVersion,
  contract: contractVersion,
  priority: 10,
  query: queryCpu,
  create: (options) => createCpuBackend(options),
});
