import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import type { ShapeTree, SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, isShape, Layer, type LayerOptions } from '../engine/layer.js';
import { optional } from '../engine/rows.js';
import { show } from '../engine/show.js';
import { inferOutputs } from '../engine/symbolic.js';
import { type Config, isPlainObject, type Row, type Table } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { deserializeKerasObject } from '../saving/deserialize.js';
import { serializeKerasObject } from '../saving/serialize.js';

type Arguments = { readonly [name: string]: unknown };
/** Takes what the layer is called on, and the layer's `arguments` with `training` and `mask`. */
export type LambdaFunction = (inputs: Tensor, options: Arguments & CallOptions) => Tensor;
type OutputShape = SymbolicShape | ((inputShape: ShapeTree) => ShapeTree);
type MaskFunction = (inputs: Tensor, mask: unknown) => unknown;

export interface LambdaOptions extends LayerOptions {
  /** The output's shape without the batch, or a function of the input's shape; found by tracing when absent. */
  readonly outputShape?: OutputShape | undefined;
  /** Gives the output's mask; without it masks end here. */
  readonly mask?: MaskFunction | undefined;
  /** Handed to the function, besides the input. */
  readonly arguments?: Arguments | undefined;
}

interface LambdaSettings {
  readonly function: LambdaFunction;
  readonly outputShape: OutputShape | undefined;
  readonly mask: MaskFunction | undefined;
  readonly arguments: Arguments;
}

function rejectPython(subject: string, key: string): never {
  throw new CeratopsError('UNSUPPORTED', `'${key}' is a Python lambda: code, which is never run`, {
    subject,
    remedy: 'in Python use a function with a name, and give that one here as customObjects: { name: function }',
  });
}

/** A function, or its form in a file: its name. */
function functionRow<F>(key: string): Row<F> {
  return {
    key,
    required: true,
    fallback: () => undefined as never,
    resolve: (value, subject) => {
      const name = isPlainObject(value) ? value.class_name : undefined;
      if (name === '__lambda__') rejectPython(subject, key);
      const found = name === undefined ? value : deserializeKerasObject(value as never);
      if (typeof found === 'function') return found as F;
      throw new CeratopsError('INVALID_ARGUMENT', `bad argument '${key}'`, {
        subject,
        expected: 'a function',
        received: show(value),
      });
    },
    serialize: (value) => {
      if ((value as { readonly name?: string }).name !== '') return serializeKerasObject(value);
      throw new CeratopsError('INVALID_STATE', `'${key}' has no name, by which files know functions`, {
        subject: 'Lambda',
        remedy: 'give the layer a named function',
      });
    },
  };
}

function outputShapeRow(): Row<OutputShape> {
  const row = functionRow<OutputShape>('output_shape');
  return {
    ...row,
    resolve: (value, subject) => (isShape(value) ? value : row.resolve(value, subject)),
    serialize: (value) => (isShape(value) ? value : row.serialize(value)),
  };
}

const argumentsRow = (): Row<Arguments> => ({
  key: 'arguments',
  required: false,
  fallback: () => ({}),
  resolve: (value) => deserializeKerasObject(value as never) as Arguments,
  serialize: serializeKerasObject,
});

class LambdaClass extends Layer {
  declare readonly function: LambdaFunction;
  declare readonly outputShape: OutputShape | undefined;
  declare readonly mask: MaskFunction | undefined;
  declare readonly arguments: Arguments;

  static override table(): Table<LambdaSettings> {
    return {
      function: functionRow('function'),
      outputShape: optional(outputShapeRow()),
      mask: optional(functionRow<MaskFunction>('mask')),
      arguments: argumentsRow(),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = this.mask !== undefined;
  }

  override call(inputs: Tensor, { training, mask }: CallOptions): Tensor {
    return this.function(inputs, { ...this.arguments, training, mask });
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions): unknown {
    if (this.outputShape !== undefined) return super.computeOutputSpec(inputs, options);
    return inferOutputs((x: Tensor, rest: CallOptions) => this.call(x, rest), [inputs, options]);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const { outputShape } = this;
    if (outputShape === undefined) return super.computeOutputShape(inputShape);
    if (typeof outputShape === 'function') return outputShape(inputShape);
    return [flatten<number | null>(inputShape)[0] ?? null, ...outputShape];
  }

  override computeMask(inputs: unknown, mask: unknown): unknown {
    return this.mask?.(inputs as Tensor, mask);
  }

  /** Keras leaves out what is not given. */
  override getConfig(): Config {
    return Object.fromEntries(
      Object.entries(super.getConfig()).filter(
        ([key, value]) => value !== null || !['output_shape', 'mask'].includes(key),
      ),
    );
  }
}

/** A function as a layer. */
export interface Lambda extends LambdaClass {}

export interface LambdaConstructor {
  /**
   * A function as a layer, without weights. Files hold its name only: `loadModel` needs it as `customObjects`, unless it is registered.
   * @param fn takes the input, and `arguments` with `training` and `mask`.
   */
  new (fn: LambdaFunction, outputShape?: OutputShape | LambdaOptions, options?: LambdaOptions): Lambda;
  /**
   * A function as a layer, without weights. Files hold its name only: `loadModel` needs it as `customObjects`, unless it is registered.
   * @param fn takes the input, and `arguments` with `training` and `mask`.
   */
  (fn: LambdaFunction, outputShape?: OutputShape | LambdaOptions, options?: LambdaOptions): Lambda;
  readonly prototype: Lambda;
}

export const Lambda: LambdaConstructor = /*#__PURE__*/ define('Lambda', LambdaClass, { module: 'keras.layers' });
