/** The graph of functional models: operations are called, each call is a node, symbolic tensors are its edges. */

import { isKerasTensor, type KerasTensor } from './keras-tensor.js';
import { flatten, mapTree } from './tree.js';

/** A layer or an op: what a node calls. */
export interface Operation {
  readonly name: string;
  readonly inboundNodes: Node[];
  readonly outboundNodes: Node[];
  /** Repeats the call on tensors or symbolic tensors. */
  apply(args: readonly unknown[], options: CallArguments): unknown;
}

/** Keyword arguments of a call. */
export type CallArguments = { readonly [name: string]: unknown };

export class Node {
  readonly operation: Operation;
  readonly args: readonly unknown[];
  readonly options: CallArguments;
  readonly inputs: readonly KerasTensor[];
  readonly outputs: readonly KerasTensor[];
  readonly index: number;

  /** Records a call: wires itself to its operation, to the operations before it, and to its outputs. */
  constructor(operation: Operation, args: readonly unknown[], options: CallArguments, outputs: unknown) {
    this.operation = operation;
    this.args = args;
    this.options = options;
    this.inputs = flatten([args, options]).filter(isKerasTensor);
    this.outputs = flatten<KerasTensor>(outputs);
    this.index = operation.inboundNodes.length;
    operation.inboundNodes.push(this);
    for (const { history } of this.inputs) history?.operation.outboundNodes.push(this);
    this.outputs.forEach((tensor, tensorIndex) => {
      tensor.history = { operation, nodeIndex: this.index, tensorIndex };
    });
  }

  /** True for the node of an `Input`. */
  get isInput(): boolean {
    return this.inputs.length === 0;
  }

  /** The nodes whose outputs this one takes. */
  get parents(): Node[] {
    return this.inputs.flatMap(({ node }) => (node === undefined ? [] : [node]));
  }

  /** The call's arguments with symbolic tensors replaced by their values. */
  fill(values: ReadonlyMap<KerasTensor, unknown>): { args: unknown[]; options: CallArguments } {
    const substitute = (leaf: unknown): unknown => (isKerasTensor(leaf) ? values.get(leaf) : leaf);
    return { args: mapTree(this.args, substitute), options: mapTree(this.options, substitute) };
  }
}
