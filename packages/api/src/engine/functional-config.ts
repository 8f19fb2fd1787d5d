/** The config of functional models: layers with their calls, in Keras 3's form. saving/model-configs.ts reads it. */

import { serializeKerasObject } from '../saving/serialize.js';
import type { AnyLayer } from './call-context.js';
import { ownClassName } from './define.js';
import { isKerasTensor, type KerasTensor } from './keras-tensor.js';
import type { ModelGraph } from './model-graph.js';
import type { CallArguments, Node, Operation } from './node.js';
import type { Config, Json } from './table.js';
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
    return [name, node + endpointOffset((leaf as KerasTensor).history!.operation), tensor];
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
export function endpointOffset(operation: Operation): number {
  return ownClassName(operation.constructor) === 'Functional' ? 1 : 0;
}

function defined(options: CallArguments): CallArguments {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function serializeTensor({ shape, dtype }: KerasTensor, history: readonly [string, number, number]): Json {
  return { class_name: '__keras_tensor__', config: { shape, dtype, keras_history: history } };
}
