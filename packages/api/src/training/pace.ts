/**
 * Keeps a training loop polite: at most two steps in flight, and a turn for the event loop about every 16 ms, since a chain
 * of awaited promises alone would freeze a page.
 */

import { getBackend } from '@ceratops/core';

const turn = 16;
const stepsInFlight = 2;

interface Globals {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly setTimeout?: (callback: () => void, milliseconds: number) => unknown;
  readonly scheduler?: { readonly yield?: () => Promise<void> };
  readonly MessageChannel?: new () => { readonly port1: Port; readonly port2: Port };
  readonly performance: { now(): number };
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** Lets timers, rendering and input have a turn. Node's MessageChannel starves timers, so `setImmediate` comes first there. */
export function macrotask(): Promise<void> {
  const { setImmediate, scheduler, MessageChannel, setTimeout } = globalThis as unknown as Globals;
  if (setImmediate !== undefined) return new Promise((resolve) => void setImmediate(resolve));
  if (scheduler?.yield !== undefined) return scheduler.yield();
  if (MessageChannel === undefined) return new Promise((resolve) => void setTimeout?.(resolve, 0));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export function now(): number {
  return (globalThis as unknown as Globals).performance.now();
}

export class Pace {
  readonly #inFlight: Promise<void>[] = [];
  #lastTurn: number = now();

  /** After a step was launched. */
  async step(): Promise<void> {
    const done = getBackend()?.synchronize();
    if (done !== undefined) this.#inFlight.push(done);
    // The last ones are not waited for here: where a device is lost with them, whoever reads results is told.
    done?.catch(() => {});
    if (this.#inFlight.length >= stepsInFlight) await this.#inFlight.shift();
    if (now() - this.#lastTurn < turn) return;
    await macrotask();
    this.#lastTurn = now();
  }
}
