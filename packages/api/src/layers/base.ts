/** What every layer starts from. */

export { Input, InputLayer, type InputOptions } from '../engine/input.js';
export { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
