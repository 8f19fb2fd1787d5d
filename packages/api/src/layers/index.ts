/**
 * `keras.layers`.
 *
 * `export *` throughout: esbuild keeps this file, and with it every lazily loaded class, when one name is re-exported.
 */

export type { DataFormat, PaddingMode } from '../ops/windows.js';
export * from './activation.js';
export * from './add.js';
export * from './additive-attention.js';
export * from './attention.js';
export type { AttentionCall, AttentionCallOptions, AttentionOptions } from './attention-heads.js';
export * from './average-pooling2d.js';
export * from './base.js';
export * from './batch-normalization.js';
export * from './bidirectional.js';
export * from './concatenate.js';
export * from './conv1d.js';
export * from './conv2d.js';
export type { ConvOptions, ConvPadding } from './convolution.js';
export * from './dense.js';
export * from './depthwise-conv2d.js';
export * from './dropout.js';
export * from './einsum-dense.js';
export * from './embedding.js';
export * from './flatten.js';
export * from './global-average-pooling2d.js';
export * from './group-query-attention.js';
export * from './gru.js';
export * from './gru-cell.js';
export * from './identity.js';
export * from './layer-normalization.js';
export * from './lstm.js';
export * from './lstm-cell.js';
export * from './max-pooling2d.js';
export * from './multi-head-attention.js';
export * from './multiply.js';
export * from './permute.js';
export type { PoolingConstructor, PoolingOptions } from './pooling.js';
export * from './relu.js';
export * from './rescaling.js';
export * from './reshape.js';
export * from './rms-normalization.js';
export * from './rnn.js';
export type { CellOptions, CellResult, RecurrentOptions, RNNCell, StateSize } from './rnn-cell.js';
export type { States } from './rnn-loop.js';
export type { ScoredAttentionCall, ScoredAttentionCallOptions, ScoredAttentionOptions } from './scored-attention.js';
export * from './simple-rnn.js';
export * from './simple-rnn-cell.js';
export * from './softmax.js';
export * from './stacked-rnn-cells.js';
export type { BiasOptions, KernelOptions } from './support.js';
export * from './time-distributed.js';
export * from './wrapper.js';
