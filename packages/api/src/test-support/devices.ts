/** The devices that every test of this package runs on. CERATOPS_TEST_DEVICES picks some by name, separated by commas. */

import { closeBackend, useBackend } from '@ceratops/core';
import type { Backend } from '@ceratops/kernel-registry';
import { fakeRemoteBackend, referenceBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe } from 'vitest';

type MakeDevice = () => Backend | Promise<Backend>;

/** The CPU backend where it is there and can start; a missing one is skipped and says so. */
async function cpuDevice(): Promise<MakeDevice | undefined> {
  try {
    const name = '@ceratops/backend-cpu';
    const { createCpuBackend } = (await import(name)) as { readonly createCpuBackend: MakeDevice };
    await (await createCpuBackend()).close();
    return () => createCpuBackend();
  } catch {
    return undefined;
  }
}

const known: readonly (readonly [string, MakeDevice | undefined])[] = [
  ['reference', referenceBackend],
  ['fake remote', fakeRemoteBackend],
  ['cpu', await cpuDevice()],
];

const wanted = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env
  .CERATOPS_TEST_DEVICES;
const chosen = known.filter(([name]) => wanted === undefined || wanted.split(',').includes(name));

/** Runs the tests on each device, with a fresh one for each test. */
export function onDevices(title: string, tests: () => void): void {
  for (const [name, make] of chosen) {
    describe.skipIf(make === undefined)(`${title} (${name}${make === undefined ? ': not available' : ''})`, () => {
      beforeEach(async () => {
        useBackend(await make!());
      });
      afterEach(closeBackend);
      tests();
    });
  }
}
