/**
 * The graph between the inputs and outputs of a functional model: which nodes lie between them, in which order they run
 * and in which order their operations are listed. The order is Keras' (it decides the order of weights and of files).
 */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { KerasTensor } from './keras-tensor.js';
import type { CallArguments, Node, Operation } from './node.js';
import { flatten } from './tree.js';

export interface Graph {
  readonly inputs: readonly KerasTensor[];
  readonly outputs: readonly KerasTensor[];
  /** Nodes in the order in which they run. */
  readonly nodes: readonly Node[];
  /** Depth 0 holds the outputs. */
  readonly nodesByDepth: ReadonlyMap<number, readonly Node[]>;
  /** Layers and ops, inputs first. */
  readonly operations: readonly Operation[];
}

/** @throws INVALID_ARGUMENT when an output does not depend on the inputs, or names are not unique. */
export function mapGraph(inputs: readonly KerasTensor[], outputs: readonly KerasTensor[]): Graph {
  const { nodes, order } = traverse(inputs, outputs);
  const { nodeDepths, operationDepths } = depths(nodes);
  for (const { node } of inputs) {
    if (node === undefined || operationDepths.has(node.operation) || !node.isInput) continue;
    operationDepths.set(node.operation, 0);
    order.set(node.operation, -1);
    nodeDepths.set(node, 0);
  }
  const nodesByDepth = groupByDepth(nodeDepths);
  const operations = [...groupByDepth(operationDepths).values()].flatMap((group) => {
    return group.sort((a, b) => order.get(a)! - order.get(b)!);
  });
  const ordered = [...nodesByDepth.values()].flat();
  checkConnected({ inputs, outputs }, ordered);
  checkUniqueNames(operations);
  return { inputs, outputs, nodes: ordered, nodesByDepth, operations };
}

/** Depth first from the outputs: nodes in topological order, and when each operation was first met. */
function traverse(
  inputs: readonly KerasTensor[],
  outputs: readonly KerasTensor[],
): { nodes: Node[]; order: Map<Operation, number> } {
  const nodes: Node[] = [];
  const order = new Map<Operation, number>();
  const finished = new Set<Node>();
  const visit = (tensor: KerasTensor): void => {
    const { node } = tensor;
    if (node === undefined || finished.has(node)) return;
    if (!node.isInput && inputs.includes(tensor)) {
      finished.add(node);
      return;
    }
    if (!order.has(node.operation)) order.set(node.operation, order.size);
    if (!node.isInput) node.inputs.forEach(visit);
    if (finished.has(node)) return;
    finished.add(node);
    nodes.push(node);
  };
  outputs.forEach(visit);
  return { nodes, order };
}

function depths(nodes: readonly Node[]): { nodeDepths: Map<Node, number>; operationDepths: Map<Operation, number> } {
  const nodeDepths = new Map<Node, number>();
  const operationDepths = new Map<Operation, number>();
  const inGraph = new Set(nodes);
  for (const node of [...nodes].reverse()) {
    if (!nodeDepths.has(node)) nodeDepths.set(node, 0);
    const depth = Math.max(nodeDepths.get(node)!, operationDepths.get(node.operation) ?? 0);
    operationDepths.set(node.operation, depth);
    nodeDepths.set(node, depth);
    for (const parent of node.parents) {
      if (inGraph.has(parent)) nodeDepths.set(parent, Math.max(depth + 1, nodeDepths.get(parent) ?? 0));
    }
  }
  return { nodeDepths, operationDepths };
}

/** Deepest first. */
function groupByDepth<T>(depthOf: ReadonlyMap<T, number>): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const depth of [...new Set(depthOf.values())].sort((a, b) => b - a)) groups.set(depth, []);
  for (const [item, depth] of depthOf) groups.get(depth)!.push(item);
  return groups;
}

function checkConnected(graph: Pick<Graph, 'inputs' | 'outputs'>, nodes: readonly Node[]): void {
  const known = new Set(graph.inputs);
  const check = (tensor: KerasTensor, subject: string): void => {
    if (known.has(tensor)) return;
    throw new CeratopsError('INVALID_ARGUMENT', `${tensor} does not come from the model's inputs`, {
      subject,
      remedy: 'add the Input it was made from to the inputs',
    });
  };
  for (const node of nodes.filter(({ isInput }) => !isInput)) {
    for (const tensor of node.inputs) check(tensor, `operation '${node.operation.name}'`);
    for (const tensor of node.outputs) known.add(tensor);
  }
  for (const tensor of graph.outputs) check(tensor, 'outputs');
}

function checkUniqueNames(operations: readonly Operation[]): void {
  const seen = new Set<string>();
  for (const { name } of operations) {
    if (seen.has(name)) {
      throw new CeratopsError('INVALID_ARGUMENT', `the name '${name}' is used more than once in the model`, {
        remedy: 'give each layer its own name',
      });
    }
    seen.add(name);
  }
}

/** Runs the graph on values for its inputs; `call` is asked to do each node. */
export function runGraph(
  graph: Graph,
  inputs: readonly unknown[],
  call: (operation: Operation, args: readonly unknown[], options: CallArguments) => unknown,
): unknown[] {
  const values = new Map<KerasTensor, unknown>();
  graph.inputs.forEach((tensor, i) => {
    values.set(tensor, inputs[i]);
  });
  for (const node of graph.nodes) {
    if (node.isInput || node.inputs.some((tensor) => !values.has(tensor))) continue;
    const { args, options } = node.fill(values);
    const results = flatten(call(node.operation, args, options));
    node.outputs.forEach((tensor, i) => {
      values.set(tensor, results[i]);
    });
  }
  return graph.outputs.map((tensor) => values.get(tensor));
}
