/** Backends by name. Importing a backend package registers its factory; making an instance is the caller's choice. */

import type { BackendFactory } from './backend.js';
import { CeratopsError } from './errors.js';
import { checkContract, registry } from './registry.js';

/**
 * @throws CeratopsError VERSION_MISMATCH when the factory was built for another contract, or when another version of the
 * same backend is registered. The same version again (a second copy of the package) changes nothing.
 */
export function registerBackend(factory: BackendFactory): void {
  checkContract(`backend ${factory.name} ${factory.version}`, factory.contract);
  const { backends } = registry();
  const known = backends.get(factory.name);
  if (known === undefined) {
    backends.set(factory.name, factory);
  } else if (known.version !== factory.version) {
    throw new CeratopsError('VERSION_MISMATCH', 'two versions of one backend', {
      subject: `backend ${factory.name}`,
      expected: known.version,
      received: factory.version,
      remedy: 'keep one of them (npm ls shows who asks for which)',
    });
  }
}

/** All registered factories, the default one first. */
export function backends(): readonly BackendFactory[] {
  return [...registry().backends.values()].sort((a, b) => b.priority - a.priority);
}
