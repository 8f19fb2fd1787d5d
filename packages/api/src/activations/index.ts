/** `keras.activations`. */

export {
  celu,
  elu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softShrink,
  softsign,
  sparsePlus,
  sparseSigmoid,
  squareplus,
  swish,
  tanhShrink,
} from '../ops/activation-functions.js';
export { tanh } from '../ops/elementary.js';
export { type Activation, exponential, gelu, linear, type ReluOptions, relu } from './activations.js';
export { type ActivationIdentifier, type ActivationNames, activations } from './family.js';
