/** The configs of models become models: engine/functional-config.ts and Sequential.getConfig write them. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { AnyLayer } from '../engine/call-context.js';
import { endpointOffset } from '../engine/functional-config.js';
import { isShape } from '../engine/layer.js';
import { layerFromConfig } from '../engine/layer-config.js';
import type { CallArguments, Operation } from '../engine/node.js';
import { addAll, SequentialClass } from '../engine/sequential.js';
import { type Config, isPlainObject, type Json } from '../engine/table.js';
import type { AnyClass } from './class-registry.js';
import { deserializeKerasObject } from './deserialize.js';

/** A model of a class that does not read its config itself. */
export function modelFromConfig(modelClass: AnyClass, config: Config): AnyLayer {
  if (modelClass.prototype instanceof SequentialClass || modelClass.prototype === SequentialClass.prototype)
    return sequentialFromConfig(modelClass as never, config);
  if ('input_layers' in config) return functionalFromConfig(modelClass as never, config);
  return layerFromConfig(modelClass as never, config);
}

function sequentialFromConfig(modelClass: new (options: object) => SequentialClass, config: Config): AnyLayer {
  const layers = (config.layers as readonly Json[]).map((layer) => deserializeKerasObject(layer) as AnyLayer);
  const model = new modelClass({ name: config.name });
  addAll(model, layers);
  const shape = config.build_input_shape;
  if (model.$model.graph === undefined && isShape(shape)) model.build(shape);
  if (config.trainable === false) model.trainable = false;
  return model as unknown as AnyLayer;
}

interface PendingCall {
  readonly operation: Operation;
  readonly data: Config;
}

interface ModelClassLike {
  new (inputs: unknown, outputs: unknown, options: object): AnyLayer;
}

/** Makes the layers, then repeats the calls as soon as what they take is there. */
function functionalFromConfig(modelClass: ModelClassLike, config: Config): AnyLayer {
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
      const tensor = operation.inboundNodes[node - endpointOffset(operation)]?.outputs[index];
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
