// @ts-check
/**
 * @typedef {object} Settings
 * @property {number} threads All that the machine has.
 * @property {number} rounds
 * @property {ReturnType<typeof import('./peers.mjs').findPeers>} peers
 */
export {};
