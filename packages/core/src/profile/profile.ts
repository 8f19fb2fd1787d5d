/** `profile`: where the time of a piece of code goes on its backend, kernel by kernel. */
import { type BackendProfile, CeratopsError, type DevicePeaks, type ProfileEvent } from '@ceratops/kernel-registry';
import { currentEngine } from '../engine/default-engine.js';
import { type ChromeTrace, chromeTrace } from './chrome-trace.js';

/** What `profile` found. */
export class Profile<R = unknown> {
  /** What the profiled function returned. */
  readonly result: R;
  /** Programs and the kernels in them, by their start. */
  readonly events: readonly ProfileEvent[];
  /** Kernel events that there was no room for; a program keeps some 65,000. */
  readonly lost: number;
  /** What the device can do at best; undefined where it does not say. */
  readonly peaks: DevicePeaks | undefined;
  readonly #device: string;

  constructor(result: R, device: string, { events, lost, peaks }: BackendProfile) {
    this.result = result;
    this.#device = device;
    this.events = events;
    this.lost = lost;
    this.peaks = peaks;
  }

  /** For `chrome://tracing` and https://ui.perfetto.dev, as JSON: `writeFile('trace.json', JSON.stringify(profile.toChromeTrace()))`. */
  toChromeTrace(): ChromeTrace {
    return chromeTrace(this.#device, this.events);
  }
}

/**
 * Runs `fn` and says what its programs and their kernels took on the current backend. The first profiled run of a program
 * compiles it again, with code that keeps time; what is not profiled pays nothing.
 *
 * @param fn may be asynchronous. Work that it leaves in flight is waited for and counts.
 * @throws CeratopsError UNSUPPORTED where the backend keeps no time; INVALID_STATE inside another profile.
 */
export async function profile<R>(fn: () => R | Promise<R>): Promise<Profile<R>> {
  const engine = currentEngine();
  const backend = await engine.settled();
  if (backend.profile === undefined) {
    throw new CeratopsError('UNSUPPORTED', 'the backend keeps no time of its kernels', { subject: backend.name });
  }
  await backend.synchronize();
  await backend.profile(true);
  const stop = async (): Promise<BackendProfile> => {
    await engine.settled();
    await backend.synchronize();
    return (await backend.profile!(false))!;
  };
  let result: R;
  try {
    result = await fn();
  } catch (error) {
    await stop();
    throw error;
  }
  return new Profile(result, backend.devices()[0]?.description ?? backend.name, await stop());
}
