/** The devices that every test of this package runs on. */
import type { Backend } from '@ceratops/kernel-registry';
import { type Counters, fakeRemoteBackend, nullBackend, referenceBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe } from 'vitest';
import { useBackend } from '../engine/default-engine.js';
import type { EngineOptions } from '../engine/engine.js';

export type TestDevice = Backend & { readonly counters: Counters };

/** Devices that compute: one synchronous in this process, one behind a message port. */
export const computing: readonly (readonly [string, () => TestDevice])[] = [
  ['reference', referenceBackend],
  ['fake remote', fakeRemoteBackend],
];

export const all: typeof computing = [...computing, ['null', nullBackend]];

/** Runs the tests on each device, with a fresh one for each test. */
export function onDevices(
  devices: typeof computing,
  title: string,
  tests: (device: () => TestDevice) => void,
  options: EngineOptions = {},
): void {
  describe.each(devices)(`${title} (%s)`, (_name, make) => {
    let device: TestDevice;
    beforeEach(() => {
      device = make();
      useBackend(device, options);
    });
    afterEach(() => device.close());
    tests(() => device);
  });
}
