/** `@ceratops/kernel-registry/testing`: devices that guard the contract. */

export type { Counters } from './device.js';
export { FakeRemote, type FakeRemoteOptions, fakeRemoteBackend, fakeRemoteFactory } from './fake-remote.js';
export { BufferLedger, checkHostArray, donatedInputs } from './ledger.js';
export { LocalDevice, type LocalDeviceOptions } from './local-device.js';
export { nullBackend } from './null-backend.js';
export { referenceBackend, referenceBackendFactory } from './reference-backend.js';
export type { RemoteServerOptions } from './remote-server.js';
export type { InjectionPoint } from './wire.js';
