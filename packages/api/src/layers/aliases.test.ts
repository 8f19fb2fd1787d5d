/** Keras' other names: those of the classes that `keras.layers` 3.15.1 exports twice. */

import { expect, it } from 'vitest';
import * as activations from '../activations/index.js';
import * as initializers from '../initializers/index.js';
import * as ops from '../ops/index.js';
import * as layers from './index.js';

const aliases: readonly (readonly [namespace: object, alias: string, name: string])[] = [
  [layers, 'AvgPool1D', 'AveragePooling1D'],
  [layers, 'Convolution1D', 'Conv1D'],
  [layers, 'Convolution1DTranspose', 'Conv1DTranspose'],
  [layers, 'GlobalAvgPool1D', 'GlobalAveragePooling1D'],
  [layers, 'GlobalMaxPool1D', 'GlobalMaxPooling1D'],
  [layers, 'MaxPool1D', 'MaxPooling1D'],
  [layers, 'AvgPool2D', 'AveragePooling2D'],
  [layers, 'Convolution2D', 'Conv2D'],
  [layers, 'Convolution2DTranspose', 'Conv2DTranspose'],
  [layers, 'GlobalAvgPool2D', 'GlobalAveragePooling2D'],
  [layers, 'GlobalMaxPool2D', 'GlobalMaxPooling2D'],
  [layers, 'MaxPool2D', 'MaxPooling2D'],
  [layers, 'AvgPool3D', 'AveragePooling3D'],
  [layers, 'Convolution3D', 'Conv3D'],
  [layers, 'Convolution3DTranspose', 'Conv3DTranspose'],
  [layers, 'GlobalAvgPool3D', 'GlobalAveragePooling3D'],
  [layers, 'GlobalMaxPool3D', 'GlobalMaxPooling3D'],
  [layers, 'MaxPool3D', 'MaxPooling3D'],
  [layers, 'SeparableConvolution1D', 'SeparableConv1D'],
  [layers, 'SeparableConvolution2D', 'SeparableConv2D'],
  [activations, 'swish', 'silu'],
  [activations, 'hardSwish', 'hardSilu'],
  [ops, 'swish', 'silu'],
  [ops, 'hardSwish', 'hardSilu'],
  [initializers, 'IdentityInitializer', 'Identity'],
  [initializers, 'OrthogonalInitializer', 'Orthogonal'],
];

it.each(aliases)('an alias of each (%#)', (namespace, alias, name) => {
  const values = namespace as { readonly [key: string]: unknown };
  expect(values[alias]).toBeDefined();
  expect(values[alias]).toBe(values[name]);
});

it('layers by another name are saved under their own', () => {
  expect(layers.MaxPool2D(2).constructor.name).toBe('MaxPooling2D');
  expect(layers.MaxPool2D(2).getConfig()).toMatchObject({ pool_size: [2, 2] });
});
