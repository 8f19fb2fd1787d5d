/// <reference lib="esnext.disposable" preserve="true" />
/** The tensor that users hold: an immutable handle on a value that is computed when somebody needs it. */
import { CeratopsError, type DType, type HostArray, type Shape, type TensorType } from '@ceratops/kernel-registry';
import { disposed } from '../engine/failure.js';
import { hostElements } from '../graph/host-elements.js';
import { hostLeaf, leaf, type Node, traced } from '../graph/node.js';
import { constantNode } from '../graph/operation.js';
import { readNode, readNodeSync } from '../graph/realise.js';
import { graveyard } from '../graph/trace-frame.js';
import { internType } from '../graph/value-type.js';
import { host } from '../host.js';
import { runtime } from '../runtime.js';
import { formatTensor } from './format.js';
import { type NestedArray, type TensorData, toHost, toNested } from './host-data.js';

/** Where a tensor keeps its node; not for users. */
export const nodeKey = '~node';
const brand: symbol = Symbol.for('ceratops.tensor');
const inspectKey: symbol = Symbol.for('nodejs.util.inspect.custom');

export class Tensor {
  /** @internal */
  '~node': Node;

  /** Made by ops and by `tensor()`, not by users. */
  constructor(node: Node) {
    this[nodeKey] = node;
    node.handles++;
  }

  get dtype(): DType {
    return this[nodeKey].type.dtype;
  }

  get shape(): Shape {
    return this[nodeKey].type.shape;
  }

  get rank(): number {
    return this[nodeKey].type.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this[nodeKey].type.size;
  }

  /**
   * The elements, row-major, as the dtype's host array (half floats as bits, complex as pairs); a copy.
   * Rejects with the first cause when the program that computes it failed.
   */
  data(): Promise<HostArray> {
    return readNode(this.#alive());
  }

  /** @throws CeratopsError WOULD_BLOCK where the backend cannot answer without waiting. */
  dataSync(): HostArray {
    return readNodeSync(this.#alive());
  }

  /** The elements as nested arrays of numbers (booleans, bigints, [re, im] pairs); a scalar gives the element. */
  array(): Promise<NestedArray> {
    return quiet(this.data().then((data) => this.#nested(data) as NestedArray));
  }

  arraySync(): NestedArray {
    return this.#nested(this.dataSync()) as NestedArray;
  }

  /** The only element. */
  item(): Promise<number | bigint | boolean> {
    const { size, shape } = this;
    if (size !== 1) {
      throw new CeratopsError('SHAPE_MISMATCH', 'more than one element', {
        subject: 'item',
        expected: 'a tensor of size 1',
        received: `[${shape.join(',')}]`,
        remedy: 'use await tensor.array()',
      });
    }
    return quiet(this.data().then((data) => toNested({ dtype: this.dtype, shape: [], data }) as number));
  }

  /** Writes type and values to the console. */
  print(): Promise<void> {
    return quiet(
      this.data().then((data) => {
        host.console?.log(formatTensor('Tensor', this[nodeKey].type, { dtype: this.dtype, shape: this.shape, data }));
      }),
    );
  }

  toString(): string {
    const node = this[nodeKey];
    const data = hostElements(node);
    return formatTensor('Tensor', node.type, data === undefined ? undefined : { ...node.type, data });
  }

  /** `JSON.stringify` shows what the console shows, not the inside; for the values, `await tensor.array()`. */
  toJSON(): string {
    return this.toString();
  }

  /** Gives the memory back now instead of when the tensor is collected. Nobody has to call it. */
  dispose(): void {
    const node = this[nodeKey];
    if (node.frame === graveyard) return;
    this[nodeKey] = leaf(node.type, traced, graveyard, null);
    node.handles--;
    node.engine?.releaseIfUnused(node);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Text may name it; arithmetic on it is an error. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new CeratopsError('INVALID_ARGUMENT', 'JavaScript operators do not work on tensors', {
      subject: this.toString(),
      remedy: 'use ops.add(a, b), ops.multiply(a, b), …; a number is (await t.item())',
    });
  }

  #nested(data: HostArray): unknown {
    return toNested({ dtype: this.dtype, shape: this.shape, data });
  }

  #alive(): Node {
    const node = this[nodeKey];
    if (node.frame === graveyard) throw disposed(this.toString());
    return node;
  }
}

Object.defineProperties(Tensor.prototype, {
  [brand]: { value: true },
  [inspectKey]: { value: Tensor.prototype.toString },
});

/** True for tensors of any copy of this package. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && brand in value;
}

/** A tensor of this data. Numbers are float32, booleans bool, bigints int64; typed arrays keep their dtype. */
export function tensor(
  data: TensorData,
  options: { shape?: Shape | undefined; dtype?: DType | undefined } = {},
): Tensor {
  const made = toHost(data, options);
  if (isUnit(data) && made.shape.length === 0) {
    return new Tensor(constantNode({ type: made, data: made.data }));
  }
  return new Tensor(hostLeaf(internType(made), made.data, runtime().frame));
}

/**
 * A tensor of a dtype's own elements that are not copied. They stay the caller's, who may change them once a call of a function
 * that `jit` made has taken the tensor, or the tensor is disposed.
 */
export function borrow(data: HostArray, type: TensorType): Tensor {
  return new Tensor(hostLeaf(internType(type), data, null));
}

/** Scalars that are literals even in eager code: programs with them are worth compiling apart. */
function isUnit(data: TensorData): boolean {
  return Object.is(data, 0) || data === 1 || data === -1 || typeof data === 'boolean';
}

/** Whoever awaits it sees a failure; nobody has to. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
