/**
 * Lists, records and nested arrays of data. With one input a nested array is data, with n inputs it is a list of n; records go
 * by input or output name.
 */

import { isTensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { isKerasTensor, type KerasTensor } from '../../engine/keras-tensor.js';
import { byKeyOrName, inputName } from '../../engine/model-graph.js';
import { show } from '../../engine/show.js';
import { isPlainObject } from '../../engine/table.js';
import { mapHost } from '../batches.js';
import { HostTensor, isTypedArray } from '../host-data.js';
import { type Ends, leavesOf, readArray } from '../read-data.js';

type Tree = { readonly [key: string]: unknown };

/** Reads a tree of array-likes into the structure of the ends, or by its own structure when there are none. */
export function readTree(
  value: unknown,
  what: string,
  ends: Ends | undefined,
  samples: number | undefined,
): Promise<unknown> {
  return new TreeReader(what, ends, samples, true).read(value);
}

/** Sample weights: one array for all outputs, or one for each, null for those that have none. */
export async function readSampleWeight(
  value: unknown,
  y: unknown,
  outputs: Ends | undefined,
  samples: number | undefined,
): Promise<unknown> {
  const single = isTensor(value) || isTypedArray(value);
  const isPartial = Array.isArray(value) && value.some((item) => item === null || item === undefined);
  if (single || (leavesOf(y).length > 1 && isNumbers(value) && !isPartial)) {
    const weight = await readArray(value, 'sampleWeight', undefined, samples);
    return leavesOf(y).length > 1 ? mapHost(y, () => weight) : weight;
  }
  return new TreeReader('sampleWeight', outputs, samples, false).read(value);
}

class TreeReader {
  readonly #what: string;
  readonly #ends: Ends | undefined;
  readonly #samples: number | undefined;
  /** Whether arrays have the shapes of the ends, and there are as many. */
  readonly #alike: boolean;

  constructor(what: string, ends: Ends | undefined, samples: number | undefined, alike: boolean) {
    this.#what = what;
    this.#ends = ends;
    this.#samples = samples;
    this.#alike = alike;
  }

  read(value: unknown): Promise<unknown> {
    const tree = this.#ends?.tree;
    if (isPlainObject(value))
      return this.#ends === undefined || isPlainObject(tree) ? this.#record(value) : this.#named(value, this.#ends);
    const isPart = Array.isArray(tree) ? tree.length > 1 || !Array.isArray(value) : tree === undefined && isList(value);
    if (isPart && Array.isArray(value)) return this.#list(value);
    const single = Array.isArray(value) && value.length === 1 && isList(value) ? value[0] : value;
    return this.#leaf(single, this.#what, this.#ends?.tensors[0]);
  }

  /** A record by the names of the ends, for a list of them. */
  async #named(value: Tree, { tree, tensors }: Ends): Promise<unknown> {
    const names = tensors.map(inputName);
    const missing = names.find((name) => value[name] === undefined);
    if (missing !== undefined) throw this.#mismatch(`'${missing}' is missing`, names, Object.keys(value));
    const read = await Promise.all(
      names.map((name, i) => this.#leaf(value[name], `${this.#what}.${name}`, tensors[i])),
    );
    return Array.isArray(tree) ? read : read[0];
  }

  async #record(value: Tree): Promise<unknown> {
    const tree = this.#ends?.tree as Tree | undefined;
    // Outputs without a loss need no targets, so a record for them may be partial.
    const record = tree !== undefined && this.#what === 'x' ? byKeyOrName(value, tree) : value;
    if (record === undefined) throw this.#mismatch('wrong names', Object.keys(tree!), Object.keys(value));
    const entries = Object.entries(record).map(async ([key, item]) => {
      return [key, await this.#part(item, `${this.#what}.${key}`, tree?.[key])] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  #list(value: readonly unknown[]): Promise<unknown> {
    const { tree, tensors } = this.#ends ?? {};
    const parts: readonly unknown[] | undefined = Array.isArray(tree) ? tree : tensors;
    if (this.#alike && parts !== undefined && value.length !== parts.length) {
      throw new CeratopsError('SHAPE_MISMATCH', 'wrong number of arrays', {
        subject: this.#what,
        expected: `${parts.length}: ${tensors!.map(inputName).join(', ')}`,
        received: `${value.length}`,
      });
    }
    return Promise.all(value.map((item, i) => this.#part(item, `${this.#what}[${i}]`, parts?.[i])));
  }

  /** A part of a nest, which may be one itself. */
  async #part(value: unknown, what: string, tree: unknown): Promise<unknown> {
    const isNest = tree === undefined ? isPlainObject(value) || isList(value) : !isKerasTensor(tree);
    if (!isNest) return this.#leaf(value, what, tree as KerasTensor | undefined);
    if (Array.isArray(value) && (tree === undefined || Array.isArray(tree))) {
      const parts = tree as readonly unknown[] | undefined;
      if (parts === undefined || parts.length === value.length)
        return Promise.all(value.map((item, i) => this.#part(item, `${what}[${i}]`, parts?.[i])));
    } else if (isPlainObject(value) && (tree === undefined || isPlainObject(tree))) {
      const entries = Object.entries(value).map(async ([key, item]) => {
        return [key, await this.#part(item, `${what}.${key}`, (tree as Tree | undefined)?.[key])] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    }
    throw new CeratopsError('SHAPE_MISMATCH', 'another structure', {
      subject: what,
      expected: Array.isArray(tree)
        ? `a list of ${tree.length}`
        : `a record of ${Object.keys(tree as Tree).join(', ')}`,
      received: show(value),
    });
  }

  async #leaf(value: unknown, what: string, tensor: KerasTensor | undefined): Promise<unknown> {
    if (!this.#alike && (value === null || value === undefined) && this.#samples !== undefined)
      return new HostTensor('float32', [this.#samples], new Float32Array(this.#samples).fill(1));
    return readArray(value, what, this.#alike ? tensor : undefined, this.#samples);
  }

  #mismatch(problem: string, expected: readonly string[], received: readonly string[]): CeratopsError {
    return new CeratopsError('SHAPE_MISMATCH', problem, {
      subject: this.#what,
      expected: expected.join(', '),
      received: received.join(', '),
    });
  }
}

/** A list of arrays rather than nested numbers. */
function isList(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => isTensor(item) || isTypedArray(item));
}

function isNumbers(value: unknown): boolean {
  let leaf = value;
  while (Array.isArray(leaf)) leaf = leaf[0];
  return ['number', 'bigint', 'boolean'].includes(typeof leaf);
}
