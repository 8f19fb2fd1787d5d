/** Where every op of this package goes: into the open trace, or into the graph of eager code. */
import type { Emitter, OpAttributes, OpName, Value } from '@ceratops/kernel-registry';
import { currentEngine } from '../engine/default-engine.js';
import type { Engine } from '../engine/engine.js';
import { runtime } from '../runtime.js';
import { settle } from './home.js';
import { type Node, projection } from './node.js';
import { type Operation, operationOf } from './operation.js';
import { leakedTracer } from './trace-frame.js';

/** The node of an op; for one with several results the node to project from. */
export function emitNode(operation: Operation, operands: Node[]): Node {
  const { frame } = runtime();
  if (operands.length === 0) return operation.floating();
  return frame === null ? emitEager(operation, operands) : frame.record(operation, operands);
}

/** One node per result. */
export function emitNodes(operation: Operation, operands: Node[]): Node[] {
  const node = emitNode(operation, operands);
  if (node.results.length === 1) return [node];
  const { frame } = runtime();
  return node.results.map((_, index) => {
    const result = projection(node, index);
    if (frame === null) {
      const { graph } = node.engine!;
      graph.use(node);
      graph.add(result);
    } else frame.nodes.push(result);
    return result;
  });
}

function emitEager(operation: Operation, operands: Node[]): Node {
  let engine: Engine | null = null;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    if (operand.frame !== null) throw leakedTracer(operand, operation.op);
    if (operand.engine !== null && operand.engine !== engine) {
      if (engine === null) engine = operand.engine;
      else return emitEager(operation, settle(operation.op, operands).nodes);
    }
  }
  const results = operation.resultsOf(operands);
  return (engine ?? currentEngine()).graph.record(operation, results, operands);
}

/** The emitter of the current frame, for decompositions and vjp rules. */
export const emitter: Emitter = {
  emit<O extends OpName>(op: O, operands: readonly Value[], attributes: OpAttributes[O]): readonly Value[] {
    return emitNodes(operationOf(op, attributes), operands as Node[]);
  },
};
