/** The config of functional models: layers with their calls, in Keras 3's form. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { deserializeKerasObject, serializeKerasObject } from '../saving/serialization.js';
import type { AnyLayer } from './call-context.js';
import { ownClassName } from './define.js';
import { isKerasTensor, type KerasTensor } from './keras-tensor.js';
import type { ModelGraph } from './model-graph.js';
import type { CallArguments, Node, Operation } from './node.js';
import { type Config, isPlainObject, type Json } from './table.js';
import { mapTree } from './tree.js';

/** Writes the graph; nodes that belong to other models are left out of the numbering. */
export function functionalConfig(model: AnyLayer, graph: ModelGraph): Config {
  const own = new Set<Node>([
    ...graph.nodes,
    ...graph.inputs.flatMap(({ node }) => (node === undefined ? [] : [node])),
  ]);
  const numberOf = (node: Node): number =>
    node.operation.inboundNodes.slice(0, node.index).filter((other) => own.has(other)).length;
  const history = ({ history: made, node }: KerasTensor): [string, number, number] => {
    return [made!.operation.name, numberOf(node!), made!.tensorIndex];
  };
  const argument = (leaf: unknown): unknown =>
    isKerasTensor(leaf) ? serializeTensor(leaf, history(leaf)) : serializeKerasObject(leaf);
  const layers = graph.operations.map((operation) => ({
    ...(serializeKerasObject(operation) as Config),
    name: operation.name,
    inbound_nodes: operation.inboundNodes
      .filter((node) => own.has(node) && !node.isInput)
      .map(({ args, options }) => ({
        args: mapTree<Json>(args, argument),
        kwargs: mapTree<Json>(defined(options), argument),
      })),
  }));
  const endpoint = (leaf: unknown): Json => {
    const [name, node, tensor] = history(leaf as KerasTensor);
    return [name, node + offset((leaf as KerasTensor).history!.operation), tensor];
  };
  return {
    name: model.name,
    trainable: model.$layer.trainable,
    layers,
    input_layers: mapTree<Json>(graph.inputTree, endpoint),
    output_layers: mapTree<Json>(graph.outputTree, endpoint),
  };
}

/** Keras counts the nodes of nested functional models from one in `input_layers` and `output_layers`. */
function offset(operation: Operation): number {
  return ownClassName(operation.constructor) === 'Functional' ? 1 : 0;
}

function defined(options: CallArguments): CallArguments {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function serializeTensor({ shape, dtype }: KerasTensor, history: readonly [string, number, number]): Json {
  return { class_name: '__keras_tensor__', config: { shape, dtype, keras_history: history } };
}

interface PendingCall {
  readonly operation: Operation;
  readonly data: Config;
}

interface ModelClassLike {
  new (inputs: unknown, outputs: unknown, options: object): AnyLayer;
}

/** Makes the layers, then repeats the calls as soon as what they take is there. */
export function functionalFromConfig(modelClass: ModelClassLike, config: Config): AnyLayer {
  const operations = new Map<string, Operation>();
  let pending: PendingCall[] = [];
  for (const data of config.layers as readonly Config[]) {
    const operation = deserializeKerasObject(data) as Operation;
    operations.set(data.name as string, operation);
    for (const call of (data.inbound_nodes ?? []) as readonly Config[]) pending.push({ operation, data: call });
  }
  while (pending.length > 0) {
    const waiting = new Set<Operation>();
    const rest = pending.filter(({ operation, data }) => {
      if (!waiting.has(operation) && repeatCall(operation, data, operations)) return false;
      waiting.add(operation);
      return true;
    });
    if (rest.length === pending.length)
      throw malformed(`calls of ${rest.map(({ operation }) => operation.name).join(', ')} never get their inputs`);
    pending = rest;
  }
  const endpoint = (tree: Json): unknown => endpoints(tree, operations);
  const options = { name: config.name ?? undefined, trainable: config.trainable ?? undefined };
  return new modelClass(endpoint(config.input_layers!), endpoint(config.output_layers!), options);
}

/** False while an input does not exist yet. */
function repeatCall(operation: Operation, data: Config, operations: ReadonlyMap<string, Operation>): boolean {
  let complete = true;
  const revive = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revive);
    if (!isPlainObject(value)) return value;
    if (value.class_name === '__keras_tensor__') {
      const [name, node, index] = (value.config as { keras_history: [string, number, number] }).keras_history;
      const tensor = find(operations, name).inboundNodes[node]?.outputs[index];
      if (tensor === undefined) complete = false;
      return tensor;
    }
    if (value.class_name === '__slice__' || value.class_name === '__ellipsis__') return value;
    if (typeof value.class_name === 'string') return deserializeKerasObject(value as Json);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
  };
  const args = revive(data.args) as readonly unknown[];
  const options = revive(data.kwargs ?? {}) as CallArguments;
  if (complete) operation.apply(args, options);
  return complete;
}

function find(operations: ReadonlyMap<string, Operation>, name: string): Operation {
  const operation = operations.get(name);
  if (operation === undefined) throw malformed(`there is no layer named '${name}'`);
  return operation;
}

function endpoints(tree: Json, operations: ReadonlyMap<string, Operation>): unknown {
  if (Array.isArray(tree)) {
    const [name, node, index] = tree as [unknown, number, number];
    if (tree.length === 3 && typeof name === 'string') {
      const operation = find(operations, name);
      const tensor = operation.inboundNodes[node - offset(operation)]?.outputs[index];
      if (tensor === undefined) throw malformed(`'${name}' has no output ${node}, ${index}`);
      return tensor;
    }
    return tree.map((item) => endpoints(item as Json, operations));
  }
  if (!isPlainObject(tree)) throw malformed('bad inputs or outputs');
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, endpoints(item as Json, operations)]));
}

function malformed(problem: string): CeratopsError {
  return new CeratopsError('MALFORMED_INPUT', problem, { subject: 'functional model config' });
}
