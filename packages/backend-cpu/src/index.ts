/** `@ceratops/backend-cpu`: importing it registers the backend `cpu`; that is its only side effect. */

import { contractVersion, registerBackend } from '@ceratops/kernel-registry';
import { createCpuBackend } from './backend.js';
import { backendName } from './query.js';
import { packageVersion } from './version.js';

export { createCpuBackend } from './backend.js';
export type { CpuBackendOptions } from './engine.js';

registerBackend({
  name: backendName,
  version: packageVersion,
  contract: contractVersion,
  priority: 10,
  create: (options) => createCpuBackend(options),
});
