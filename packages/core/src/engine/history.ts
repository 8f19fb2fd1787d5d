/**
 * Going back after a run that failed on the device. State is published before anyone knows whether the run succeeds; on a
 * backend whose failures are atomic the old values are still there, so once a read tells of a failure, the launches since are
 * asked one by one, and what the failed ones wrote is taken back.
 */
import { type Backend, isCeratopsError } from '@ceratops/kernel-registry';
import type { Buffer } from './buffer.js';

/** A launch that wrote state. */
export interface StateLaunch {
  /** Any of its outputs: poisoned if it failed. */
  readonly probe: Buffer;
  /** What it took over: there again if it failed. */
  readonly donated: readonly Buffer[];
  /** Gives the variables their former values back. */
  revert(): void;
}

/** Launches further back count as successful. */
const remembered = 32;

export class StateHistory {
  #launches: StateLaunch[] = [];

  add(launch: StateLaunch): void {
    this.#launches.push(launch);
    if (this.#launches.length > remembered) this.#launches.shift();
  }

  async recover(backend: Backend): Promise<void> {
    for (const launch of this.#take(backend)) {
      try {
        await backend.read(launch.probe.id);
      } catch (error) {
        if (isPoison(error)) undo(launch);
      }
    }
  }

  recoverSync(backend: Backend): void {
    for (const launch of this.#take(backend)) {
      try {
        backend.readSync?.(launch.probe.id);
      } catch (error) {
        if (isPoison(error)) undo(launch);
      }
    }
  }

  /** What is in question, oldest first. */
  #take({ failure }: Backend): readonly StateLaunch[] {
    const launches = this.#launches;
    this.#launches = [];
    return failure === 'atomic' ? launches : [];
  }
}

/** A probe that a later launch took over, or that was freed, says that its launch succeeded. */
function isPoison(error: unknown): boolean {
  return !isCeratopsError(error, 'DISPOSED');
}

function undo(launch: StateLaunch): void {
  for (const buffer of launch.donated) buffer.memory.restore(buffer);
  launch.revert();
}
