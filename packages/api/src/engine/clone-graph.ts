/** Models between intermediate tensors: the nodes between them are recorded again, from fresh inputs. */

import { mapGraph } from './graph.js';
import { makeInput } from './input.js';
import { isKerasTensor, KerasTensor } from './keras-tensor.js';
import { Node } from './node.js';
import { flatten, mapTree, packAs } from './tree.js';

/** The same inputs when all come from `Input`; else copies of everything between inputs and outputs. */
export function fromInputs(inputs: unknown, outputs: unknown): { inputs: unknown; outputs: unknown } {
  const flatInputs = flatten<KerasTensor>(inputs);
  if (flatInputs.every(({ node }) => node?.isInput === true)) return { inputs, outputs };
  const flatOutputs = flatten<KerasTensor>(outputs);
  const copies = new Map<KerasTensor, KerasTensor>();
  for (const tensor of flatInputs) {
    copies.set(
      tensor,
      tensor.node?.isInput === true ? tensor : makeInput(tensor.shape, tensor.dtype, `${tensor.name}CLONE`),
    );
  }
  const copy = (leaf: unknown): unknown => {
    if (!isKerasTensor(leaf)) return leaf;
    const known = copies.get(leaf) ?? new KerasTensor(leaf.shape, leaf.dtype, `${leaf.name}_clone`);
    copies.set(leaf, known);
    return known;
  };
  for (const node of mapGraph(flatInputs, flatOutputs).nodes) {
    if (node.isInput || node.outputs.some((tensor) => flatInputs.includes(tensor))) continue;
    new Node(node.operation, mapTree(node.args, copy), mapTree(node.options, copy), node.outputs.map(copy));
  }
  return {
    inputs: packAs(inputs, flatInputs.map(copy)),
    outputs: packAs(outputs, flatOutputs.map(copy)),
  };
}
