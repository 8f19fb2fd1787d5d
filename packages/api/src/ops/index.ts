/** `keras.ops`: NumPy's functions, those of neural networks, and conversions. */

export { type DotProductAttentionOptions, dotProductAttention } from './attention.js';
export { averagePool } from './average-pool.js';
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary-crossentropy.js';
export { categoricalCrossentropy } from './categorical-crossentropy.js';
export * from './common.js';
export { concatenate } from './concatenate.js';
export {
  type AssociativeScanLoopOptions,
  associativeScan,
  cond,
  foriLoop,
  map,
  type ScanLoopOptions,
  scan,
  switch,
  type TensorTree,
  vectorizedMap,
  type WhileLoopOptions,
  whileLoop,
} from './control-flow.js';
export { type ConvTransposeOptions, convTranspose } from './convolution-transpose.js';
export { fullLike, onesLike, zerosLike } from './creation-like.js';
export { depthwiseConv } from './depthwise-convolution.js';
export { einsum } from './einsum.js';
export {
  type ScatterOptions,
  type SegmentOptions,
  scatter,
  segmentMax,
  segmentSum,
  type TakeOptions,
  take,
  takeAlongAxis,
} from './gathering.js';
export { all, any, countNonzero } from './logical-reductions.js';
export {
  type DiagonalOptions,
  diag,
  diagonal,
  trace,
  tril,
  triu,
} from './matrix.js';
export { type NormOptions, norm } from './norm.js';
export {
  type BatchNormalizationOptions,
  batchNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
  type RMSNormalizationOptions,
  rmsNormalization,
} from './normalization.js';
export { type NormalizeOptions, normalize } from './normalize.js';
export { type PadMode, type PadOptions, pad } from './padding.js';
export { type ArangeOptions, arange, type LinspaceOptions, linspace } from './ranges.js';
export {
  cumprod,
  cumsum,
  type ScanOptions,
} from './scans.js';
export { separableConv } from './separable-convolution.js';
export {
  getItem,
  type Index,
  type SliceOptions,
  type Starts,
  slice,
  sliceUpdate,
} from './slicing.js';
export {
  argsort,
  type InTopKOptions,
  inTopK,
  type SearchOptions,
  type SortOptions,
  searchsorted,
  sort,
  type TopKOptions,
  topK,
} from './sorting.js';
export { flip, type RollOptions, roll, type SplitOptions, split, unstack } from './splitting.js';
export { type AverageOptions, average, type MomentsOptions, moments, std, var } from './statistics.js';
export type { Axis, Binary, Unary } from './support.js';
export { type RepeatsOptions, repeat, tile } from './tiling.js';
export type { DataFormat, PaddingMode } from './windows.js';
