/**
 * Ops that files name, besides those of ops/common.js, which all layers hold. Not by way of ops/index.js: esbuild would put
 * the files of a barrel in use into every program.
 */

export * from '../ops/attention.js';
export * from '../ops/average-pool.js';
export * from '../ops/binary-crossentropy.js';
export * from '../ops/categorical-crossentropy.js';
export * from '../ops/concatenate.js';
export * from '../ops/convolution-transpose.js';
export * from '../ops/creation-like.js';
export * from '../ops/depthwise-convolution.js';
export * from '../ops/einsum.js';
export * from '../ops/gathering.js';
export * from '../ops/logical-reductions.js';
export * from '../ops/matrix.js';
export * from '../ops/norm.js';
export * from '../ops/normalization.js';
export * from '../ops/normalize.js';
export * from '../ops/padding.js';
export * from '../ops/ranges.js';
export * from '../ops/scans.js';
export * from '../ops/separable-convolution.js';
export * from '../ops/slicing.js';
export * from '../ops/sorting.js';
export * from '../ops/splitting.js';
export * from '../ops/statistics.js';
export * from '../ops/tiling.js';
