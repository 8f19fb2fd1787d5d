/** The symbolic tensor of functional models: a shape with unknown sizes, a dtype, and the call that made it. */

import { isTensor, type Tensor } from '@ceratops/core';
import { CeratopsError, type DType } from '@ceratops/kernel-registry';
import { inspectKey } from './callable.js';
import { autoName } from './naming.js';
import type { Node, Operation } from './node.js';
import { flatten } from './tree.js';

/** A shape whose unknown sizes (the batch, usually) are null. */
export type SymbolicShape = readonly (number | null)[];

/** One shape, or the shapes of a nest of tensors. */
export type ShapeTree = SymbolicShape | readonly ShapeTree[] | { readonly [name: string]: ShapeTree };

/** Which call of which operation made a symbolic tensor. */
export interface KerasHistory {
  readonly operation: Operation;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
}

const brand: symbol = Symbol.for('ceratops.KerasTensor');

export class KerasTensor {
  readonly shape: SymbolicShape;
  readonly dtype: DType;
  readonly name: string;
  /** Set by the node whose output this is. */
  history: KerasHistory | undefined;

  constructor(shape: SymbolicShape, dtype: DType, name: string = autoName('KerasTensor')) {
    this.shape = shape;
    this.dtype = dtype;
    this.name = name;
    Object.defineProperty(this, brand, { value: true });
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The node that made this tensor. */
  get node(): Node | undefined {
    return this.history?.operation.inboundNodes[this.history.nodeIndex];
  }

  toString(): string {
    return `<KerasTensor shape=${formatShape(this.shape)}, dtype=${this.dtype}, name=${this.name}>`;
  }

  /** `JSON.stringify` and the console show the tensor, not the graph behind it. */
  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new CeratopsError('INVALID_ARGUMENT', 'JavaScript operators do not work on symbolic tensors', {
      subject: this.toString(),
      remedy: 'use ops.add(a, b), ops.multiply(a, b), …',
    });
  }
}

Object.defineProperty(KerasTensor.prototype, inspectKey, { value: KerasTensor.prototype.toString });

export function isKerasTensor(value: unknown): value is KerasTensor {
  return typeof value === 'object' && value !== null && brand in value;
}

/** True when any leaf is symbolic. */
export function anySymbolic(...trees: readonly unknown[]): boolean {
  return flatten(trees).some(isKerasTensor);
}

export function isTensorOrSymbolic(value: unknown): value is Tensor | KerasTensor {
  return isTensor(value) || isKerasTensor(value);
}

/** `(None, 28, 28)`, the form of Keras' messages and summaries. */
export function formatShape(shape: SymbolicShape): string {
  const sizes = shape.map((size) => (size === null ? 'None' : String(size)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
}

/** The same tree with symbolic tensors in place of tensors. */
export type Symbolic<T> = T extends Tensor
  ? KerasTensor
  : T extends readonly unknown[]
    ? { [K in keyof T]: Symbolic<T[K]> }
    : T extends { readonly [key: string]: unknown }
      ? { [K in keyof T]: Symbolic<T[K]> }
      : T;
