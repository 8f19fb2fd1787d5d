import type { BackendFactory } from '../backend.js';
import { contractVersion } from '../backend.js';
import { evaluateProgram } from '../evaluator/index.js';
import { queryReference } from './device.js';
import { LocalDevice } from './local-device.js';

/** The reference evaluator as a backend: in this process, synchronous, exact and slow. */
export function referenceBackend(): LocalDevice {
  return new LocalDevice({ name: 'reference', synchronousReads: true, run: evaluateProgram });
}

/** Not registered by itself: an application that wants the reference asks for it. */
export const referenceBackendFactory: BackendFactory = {
  name: 'reference',
  version: '0.1.0',
  contract: contractVersion,
  priority: 0,
  query: queryReference,
  create: referenceBackend,
};
