// @ts-check
/** Opens jax-js in Node with a number of threads. It takes its threads from the browser's globals, which are given to it here. */

import { resolveObjectURL } from 'node:buffer';
import { Worker as NodeWorker } from 'node:worker_threads';

const prelude = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => self.onmessage({ data }));
`;

/** As much of the browser's `Worker` as jax-js uses: a script from a blob, messages, errors. */
class BlobWorker {
  onmessage = undefined;
  onerror = undefined;
  #started;

  /** @param {string} url */
  constructor(url) {
    this.#started = this.#start(resolveObjectURL(url));
  }

  async #start(blob) {
    const worker = new NodeWorker(prelude + (await blob.text()), { eval: true });
    worker.unref();
    worker.on('message', (data) => this.onmessage?.({ data }));
    worker.on('error', (error) => this.onerror?.(error));
    return worker;
  }

  async postMessage(message) {
    (await this.#started).postMessage(message);
  }
}

/** @param {number} threads */
export async function openJaxJs(threads) {
  const browser = { navigator: { hardwareConcurrency: threads }, ...(threads > 1 && { Worker: BlobWorker }) };
  for (const [name, value] of Object.entries(browser))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const jax = await import('@jax-js/jax');
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  return jax;
}
