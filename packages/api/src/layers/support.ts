/** What several layers share: weight options, data formats, shapes. */

import type { ActivationIdentifier } from '../activations/family.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { oneOf } from '../engine/rows.js';
import type { Config, Row } from '../engine/table.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { DataFormat } from '../ops/windows.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';

export type { DataFormat, PaddingMode } from '../ops/windows.js';

/** Options of layers with a bias and an activation. */
export interface BiasOptions {
  /** Applied to the output; none by default. */
  readonly activation?: ActivationIdentifier | undefined;
  /** Whether a bias is added; true by default. */
  readonly useBias?: boolean | undefined;
  /** `zeros` by default. */
  readonly biasInitializer?: InitializerIdentifier | undefined;
  readonly biasRegularizer?: RegularizerIdentifier | undefined;
  readonly biasConstraint?: ConstraintIdentifier | undefined;
}

/** Options of layers with a kernel. */
export interface KernelOptions extends BiasOptions {
  /** `glorot_uniform` by default. */
  readonly kernelInitializer?: InitializerIdentifier | undefined;
  readonly kernelRegularizer?: RegularizerIdentifier | undefined;
  readonly kernelConstraint?: ConstraintIdentifier | undefined;
}

/** Where the channels are: last unless said otherwise. */
export function dataFormatRow(): Row<DataFormat> {
  return oneOf<DataFormat>('data_format', ['channels_last', 'channels_first'], 'channels_last');
}

/** Keras writes this key for some layers even when it says nothing. */
export function withActivityRegularizer(config: Config): Config {
  return { activity_regularizer: null, ...config };
}

/** Position of the channels in a shape of the given rank. */
export function channelAxis(format: DataFormat, rank: number): number {
  return format === 'channels_last' ? rank - 1 : 1;
}

/** The spatial sizes of a shape. */
export function spatialSizes(shape: SymbolicShape, format: DataFormat): SymbolicShape {
  return format === 'channels_last' ? shape.slice(1, -1) : shape.slice(2);
}

/** A shape with other spatial sizes and channels. */
export function withSizes(
  shape: SymbolicShape,
  format: DataFormat,
  spatial: SymbolicShape,
  channels: number | null,
): SymbolicShape {
  return format === 'channels_last' ? [shape[0]!, ...spatial, channels] : [shape[0]!, channels, ...spatial];
}
