/** `Input`: where a functional model starts. */

import { CeratopsError, type DType, isDType } from '@ceratops/kernel-registry';
import { floatx } from './config.js';
import { define } from './define.js';
import { KerasTensor, type SymbolicShape } from './keras-tensor.js';
import { type CallOptions, Layer } from './layer.js';
import { Node } from './node.js';
import { bool, shape as shapeRow } from './rows.js';
import { show } from './show.js';
import { type Config, isPlainObject, type Table } from './table.js';

interface InputLayerSettings {
  batchShape: SymbolicShape;
  optional: boolean;
}

/** The layer behind an `Input`. */
class InputLayerClass extends Layer {
  declare readonly batchShape: SymbolicShape;
  declare readonly optional: boolean;

  static override table(): Table<InputLayerSettings> {
    return { batchShape: shapeRow('batch_shape'), optional: bool('optional', false) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.built = true;
    new Node(this, [], {}, new KerasTensor(this.batchShape, this.computeDtype, this.name));
  }

  override call(inputs: never, _options: CallOptions): never {
    return inputs;
  }

  override get dtype(): DType {
    return this.computeDtype;
  }

  override getConfig(): Config {
    const { batchShape, name, computeDtype } = this;
    return {
      batch_shape: batchShape,
      dtype: computeDtype,
      sparse: false,
      ragged: false,
      name,
      optional: this.optional,
    };
  }

  static override fromConfig(config: Config): InputLayer {
    const batchShape = (config.batch_shape ?? config.batch_input_shape) as SymbolicShape;
    const dtype = isDType(config.dtype) ? config.dtype : floatx();
    return new InputLayer(batchShape, { dtype, name: config.name as string, optional: config.optional === true });
  }
}

export interface InputLayer extends InputLayerClass {}

export interface InputLayerOptions {
  readonly name?: string | undefined;
  readonly dtype?: DType | undefined;
  readonly optional?: boolean | undefined;
}

export interface InputLayerConstructor {
  /** @param batchShape the shape including the batch, unknown sizes null. */
  new (batchShape: SymbolicShape, options?: InputLayerOptions): InputLayer;
  (batchShape: SymbolicShape, options?: InputLayerOptions): InputLayer;
  readonly prototype: InputLayer;
}

export const InputLayer: InputLayerConstructor = /*#__PURE__*/ define('InputLayer', InputLayerClass, {
  module: 'keras.layers',
});

export interface InputOptions {
  /** Fixes the batch; any size when absent. */
  readonly batchSize?: number | undefined;
  /** Instead of `shape`: the shape including the batch. */
  readonly batchShape?: SymbolicShape | undefined;
  /** Instead of the first argument. */
  readonly shape?: SymbolicShape | undefined;
  readonly dtype?: DType | undefined;
  readonly name?: string | undefined;
}

/**
 * A symbolic tensor to build a model from.
 * @param shape the shape of one sample, without the batch; unknown sizes are null.
 */
export function Input(shape: SymbolicShape, options?: InputOptions): KerasTensor;
export function Input(options: InputOptions): KerasTensor;
export function Input(first: SymbolicShape | InputOptions, options: InputOptions = {}): KerasTensor {
  const given: InputOptions = Array.isArray(first)
    ? { ...options, shape: first as SymbolicShape }
    : isPlainObject(first)
      ? first
      : {};
  const { shape, batchSize, batchShape, dtype, name } = given;
  if (batchShape !== undefined) return makeInput(batchShape, dtype, name);
  if (shape !== undefined) return makeInput([batchSize ?? null, ...shape], dtype, name);
  throw new CeratopsError('INVALID_ARGUMENT', 'a shape is missing', {
    subject: 'Input',
    expected: 'the shape of one sample, as in Input([28, 28, 1])',
    received: show(first),
  });
}

/** The output of a new input layer. */
export function makeInput(batchShape: SymbolicShape, dtype: DType | undefined, name: string | undefined): KerasTensor {
  return new InputLayer(batchShape, { dtype: dtype ?? floatx(), name }).output;
}
