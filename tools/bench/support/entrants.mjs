// @ts-check
/** Who can be raced, and how each is started. */

/** @typedef {'single' | 'several'} Threads One thread, or all that the machine has. */

/**
 * @typedef {object} Entrant
 * @property {string} who A key of `labels`.
 * @property {Threads} threads
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string>} [environment]
 */

/** @type {Record<string, string>} */
export const labels = {
  ceratops: 'Ceratops',

  copy: 'WASM copy',
  'onnxruntime-web': 'onnxruntime-web',
  tfjs: 'tfjs-wasm',
  'jax-js': 'jax-js',
  'onnxruntime-node': 'onnxruntime-node',
  jax: 'JAX',
  tensorflow: 'TensorFlow',
  'keras-jax': 'Keras on JAX',
  'keras-tensorflow': 'Keras on TensorFlow',
};

/** Those that run on WebAssembly, as Ceratops does. */
export const wasmPeers = ['onnxruntime-web', 'tfjs', 'jax-js'];

/**
 * A Node program, started once for each number of threads.
 * @param {string} who
 * @param {readonly Threads[]} variants
 * @param {number} threads All that the machine has.
 * @param {(threads: string) => readonly string[]} args
 * @returns {Entrant[]}
 */
export function node(who, variants, threads, args) {
  return variants.map((variant) => ({
    who,
    threads: variant,
    command: process.execPath,
    args: args(String(variant === 'single' ? 1 : threads)),
  }));
}

/**
 * A Python program on all threads; none where that Python is missing.
 * @param {string} who
 * @param {import('./peers.mjs').Peer | undefined} peer
 * @param {(peer: import('./peers.mjs').Peer) => readonly string[]} args
 * @returns {Entrant[]}
 */
export function python(who, peer, args) {
  if (peer === undefined) return [];
  const environment = { KERAS_BACKEND: peer.backend };
  return [{ who, threads: 'several', command: peer.python, args: args(peer), environment }];
}
