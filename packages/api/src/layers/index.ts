/** `keras.layers`. */

export { Input, InputLayer, type InputOptions } from '../engine/input.js';
export { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
export { Activation, type ActivationConstructor } from './activation.js';
export { Add } from './add.js';
export { AveragePooling2D } from './average-pooling2d.js';
export {
  BatchNormalization,
  type BatchNormalizationConstructor,
  type BatchNormalizationOptions,
} from './batch-normalization.js';
export { Concatenate, type ConcatenateConstructor, type ConcatenateOptions } from './concatenate.js';
export { Conv1D, type Conv1DConstructor, type Conv1DOptions } from './conv1d.js';
export { Conv2D, type Conv2DConstructor, type Conv2DOptions } from './conv2d.js';
export { Dense, type DenseConstructor, type DenseOptions } from './dense.js';
export { DepthwiseConv2D, type DepthwiseConv2DConstructor, type DepthwiseConv2DOptions } from './depthwise-conv2d.js';
export { Dropout, type DropoutConstructor, type DropoutOptions } from './dropout.js';
export { Embedding, type EmbeddingConstructor, type EmbeddingOptions } from './embedding.js';
export { Flatten, type FlattenConstructor, type FlattenOptions } from './flatten.js';
export {
  GlobalAveragePooling2D,
  type GlobalAveragePooling2DConstructor,
  type GlobalPoolingOptions,
} from './global-average-pooling2d.js';
export { Identity, type IdentityConstructor } from './identity.js';
export {
  LayerNormalization,
  type LayerNormalizationConstructor,
  type LayerNormalizationOptions,
} from './layer-normalization.js';
export { MaxPooling2D } from './max-pooling2d.js';
export { Multiply } from './multiply.js';
export { Permute, type PermuteConstructor } from './permute.js';
export type { PoolingConstructor, PoolingOptions } from './pooling.js';
export { ReLU, type ReLUConstructor, type ReLUOptions } from './relu.js';
export { Rescaling, type RescalingConstructor, type RescalingOptions } from './rescaling.js';
export { Reshape, type ReshapeConstructor } from './reshape.js';
export { Softmax, type SoftmaxConstructor, type SoftmaxOptions } from './softmax.js';
