/** Weights whose initializer, regularizer and constraint are arguments of their layer, under names such as `kernelInitializer`. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Activation } from '../activations/activations.js';
import { activations } from '../activations/family.js';
import type { Constraint } from '../constraints/constraint.js';
import { constraints } from '../constraints/family.js';
import type { AnyLayer } from '../engine/call-context.js';
import { formatShape, type SymbolicShape } from '../engine/keras-tensor.js';
import { bool, object, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { initializers } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { regularizers } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';

export type WeightSettings<Name extends string> = { readonly [K in `${Name}Initializer`]: Initializer } & {
  readonly [K in `${Name}Regularizer`]: Regularizer | undefined;
} & { readonly [K in `${Name}Constraint`]: Constraint | undefined };

/** The rows of a weight's three arguments. @param initializer the default. */
export function weightRows<Name extends string>(name: Name, initializer: string): Table<WeightSettings<Name>> {
  return {
    [`${name}Initializer`]: object(`${name}_initializer`, initializers, initializer),
    [`${name}Regularizer`]: optional(object(`${name}_regularizer`, regularizers)),
    [`${name}Constraint`]: optional(object(`${name}_constraint`, constraints)),
  } as unknown as Table<WeightSettings<Name>>;
}

/** What layers that multiply have beside their kernel. */
export interface BiasSettings extends WeightSettings<'bias'> {
  readonly activation: Activation;
  readonly useBias: boolean;
}

/** The rows of layers that multiply. Initializers draw their seeds in this order, which is that of Keras. */
export function kernelRows<Name extends string>(name: Name): Table<BiasSettings & WeightSettings<Name>> {
  return {
    activation: object('activation', activations, 'linear'),
    useBias: bool('use_bias', true),
    ...weightRows(name, 'glorot_uniform'),
    ...weightRows('bias', 'zeros'),
  } as unknown as Table<BiasSettings & WeightSettings<Name>>;
}

export interface NamedWeightOptions {
  /** The weight's own name where it is not that of its arguments. */
  readonly name?: string | undefined;
  readonly autocast?: boolean | undefined;
}

/** Adds the weight that the layer's arguments `<name>Initializer`, … describe. */
export function addNamedWeight<Name extends string>(
  layer: AnyLayer & WeightSettings<Name>,
  name: Name,
  shape: readonly number[],
  options: NamedWeightOptions = {},
): Weight {
  const given = layer as unknown as { readonly [setting: string]: never };
  return layer.addWeight({
    name,
    shape,
    initializer: given[`${name}Initializer`],
    regularizer: given[`${name}Regularizer`],
    constraint: given[`${name}Constraint`],
    ...options,
  });
}

/** A size that weights depend on. @throws SHAPE_MISMATCH where it is unknown. */
export function knownSize(layer: AnyLayer, shape: SymbolicShape, axis: number): number {
  const size = shape.at(axis);
  if (size !== null && size !== undefined) return size;
  throw new CeratopsError('SHAPE_MISMATCH', `the size of axis ${axis} must be known`, {
    subject: `${layer}`,
    expected: 'a number: weights have that size',
    received: `shape ${formatShape(shape)}`,
  });
}
