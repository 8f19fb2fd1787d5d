/** What a functional model knows of its graph, and how inputs of any acceptable form become the graph's inputs. */

import { asTensor, isTensor, type Tensor, type TensorLike } from '@ceratops/core';
import { convert, reshape } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { fromInputs } from './clone-graph.js';
import { type Graph, mapGraph } from './graph.js';
import type { InputSpec } from './input-spec.js';
import { formatShape, isKerasTensor, KerasTensor } from './keras-tensor.js';
import { maskOf, setMask } from './masks.js';
import { show } from './show.js';
import { isPlainObject } from './table.js';
import { flatten, packAs, sameStructure } from './tree.js';

export interface ModelGraph extends Graph {
  /** The inputs in the structure that the user gave. */
  readonly inputTree: unknown;
  readonly outputTree: unknown;
  readonly inputSpecs: readonly InputSpec[];
  readonly outputNames: readonly string[];
}

/** @throws INVALID_ARGUMENT unless all leaves are symbolic and connected. */
export function makeGraph(inputTree: unknown, outputTree: unknown): ModelGraph {
  for (const [what, tree] of [
    ['inputs', inputTree],
    ['outputs', outputTree],
  ] as const) {
    const leaves = flatten(tree);
    const wrong = leaves.find((leaf) => !isKerasTensor(leaf));
    if (wrong === undefined && leaves.length > 0) continue;
    throw new CeratopsError('INVALID_ARGUMENT', `bad ${what}`, {
      subject: 'Model',
      expected: 'symbolic tensors, made by Input and by calling layers on them',
      received: leaves.length === 0 ? 'none' : show(wrong),
    });
  }
  const { inputs, outputs } = fromInputs(inputTree, outputTree);
  const flatInputs = flatten<KerasTensor>(inputs);
  const flatOutputs = flatten<KerasTensor>(outputs);
  return {
    ...mapGraph(flatInputs, flatOutputs),
    inputTree: inputs,
    outputTree: outputs,
    inputSpecs: flatInputs.map((tensor) => ({
      name: inputName(tensor),
      shape: tensor.shape.map((size, axis) => (axis === 0 ? null : size)),
      allowLastAxisSqueeze: true,
    })),
    outputNames: flatOutputs.map(({ history }) => history!.operation.name),
  };
}

export function inputName(tensor: KerasTensor): string {
  return tensor.history?.operation.name ?? tensor.name;
}

/**
 * Brings what a caller gave into the structure, dtypes and ranks of the graph's inputs: a record by input name, a single
 * tensor for a list of one, host arrays, a missing last axis of size 1.
 */
export function standardizeInputs(subject: string, graph: ModelGraph, given: unknown): unknown {
  const leaves = matchStructure(subject, graph, given).map((leaf, i) => standardizeLeaf(leaf, graph.inputs[i]!));
  return packAs(graph.inputTree, leaves);
}

/** A record given for a record of tensors, by the record's keys or by the names of inputs; undefined when one is missing or odd. */
export function byKeyOrName(
  given: { readonly [key: string]: unknown },
  tree: { readonly [key: string]: unknown },
): { readonly [key: string]: unknown } | undefined {
  const entries = Object.entries(tree).map(([key, tensor]) => {
    const name = isKerasTensor(tensor) ? inputName(tensor) : key;
    return [key, given[key] ?? given[name]] as const;
  });
  const complete = entries.every(([, value]) => value !== undefined);
  return complete && entries.length === Object.keys(given).length ? Object.fromEntries(entries) : undefined;
}

function matchStructure(subject: string, graph: ModelGraph, given: unknown): unknown[] {
  const { inputs, inputTree } = graph;
  if (isPlainObject(given) && isPlainObject(inputTree)) {
    const matched = byKeyOrName(given, inputTree);
    if (matched !== undefined) return flatten(matched);
    throw structureError(subject, Object.keys(inputTree).join(', '), Object.keys(given).join(', '));
  }
  if (isPlainObject(given) && !isPlainObject(inputTree)) {
    const byName = inputs.map((tensor) => given[inputName(tensor)]);
    if (byName.every((value) => value !== undefined)) return byName;
    throw structureError(subject, inputs.map(inputName).join(', '), Object.keys(given).join(', '));
  }
  if (inputs.length === 1 && !isPlainObject(inputTree)) {
    const single = Array.isArray(given) && given.length === 1 && isTensorOrArray(given[0]) ? given[0] : given;
    return [single];
  }
  const leaves = Array.isArray(inputTree) && Array.isArray(given) ? given : flatten(given);
  if (leaves.length === inputs.length && (Array.isArray(inputTree) || sameStructure(given, inputTree))) return leaves;
  throw structureError(subject, `${inputs.length} inputs: ${inputs.map(inputName).join(', ')}`, `${leaves.length}`);
}

function isTensorOrArray(value: unknown): boolean {
  return isTensor(value) || isKerasTensor(value) || ArrayBuffer.isView(value);
}

function structureError(subject: string, expected: string, received: string): CeratopsError {
  return new CeratopsError('SHAPE_MISMATCH', 'wrong inputs', { subject, expected, received });
}

function standardizeLeaf(leaf: unknown, reference: KerasTensor): unknown {
  if (isKerasTensor(leaf)) return leaf;
  const tensor = asTensor(leaf as TensorLike);
  const converted = tensor.dtype === reference.dtype ? tensor : convert(tensor, reference.dtype);
  const adjusted = adjustRank(converted, reference);
  const mask = maskOf(leaf);
  if (mask !== undefined && adjusted !== leaf) setMask(adjusted, mask);
  return adjusted;
}

function adjustRank(tensor: Tensor, { shape }: KerasTensor): Tensor {
  const fits = (sizes: readonly number[]): boolean =>
    sizes.every((size, axis) => axis === 0 || shape[axis] === null || shape[axis] === size);
  const { rank } = tensor;
  const shorter = tensor.shape.slice(0, -1);
  if (rank === shape.length + 1 && tensor.shape.at(-1) === 1 && fits(shorter)) return reshape(tensor, shorter);
  if (rank === shape.length - 1 && shape.at(-1) === 1 && fits(tensor.shape))
    return reshape(tensor, [...tensor.shape, 1]);
  return tensor;
}

/** Fresh symbolic outputs when the inputs have the shapes the graph was made with; undefined otherwise. */
export function sameShapeOutputs(graph: ModelGraph, inputs: unknown): unknown {
  const same = flatten<KerasTensor>(inputs).every(
    ({ shape }, i) => formatShape(shape) === formatShape(graph.inputs[i]!.shape),
  );
  if (!same) return undefined;
  return packAs(
    graph.outputTree,
    graph.outputs.map(({ shape, dtype }) => new KerasTensor(shape, dtype)),
  );
}
