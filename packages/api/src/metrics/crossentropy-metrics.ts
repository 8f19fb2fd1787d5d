/** The cross-entropies of dense targets, which load together. */

export * from './binary-crossentropy.js';
export * from './categorical-crossentropy.js';
