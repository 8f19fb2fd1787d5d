/** What eager code has recorded for one engine and nobody has launched yet. */
import { evaporated, floating, type Node, operationNode, pending } from '../graph/node.js';
import type { Operation } from '../graph/operation.js';
import type { ValueType } from '../graph/value-type.js';
import { runtime } from '../runtime.js';
import type { Engine } from './engine.js';

export class EagerGraph {
  readonly #engine: Engine;
  /** Operands first. */
  #nodes: Node[] = [];
  /** Identifies the flush under preparation, across all engines. */
  #flush: number = ++runtime().lastEpoch;
  /** Bytes of the nodes that nothing consumes. */
  sinkBytes = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get size(): number {
    return this.#nodes.length;
  }

  record(operation: Operation, results: readonly ValueType[], operands: Node[]): Node {
    for (let i = 0; i < operands.length; i++) this.use(operands[i]!);
    const node = operationNode(operation, results, operands, null, this.#engine, pending);
    this.add(node);
    return node;
  }

  /** Adds a node whose operands are recorded. */
  add(node: Node): void {
    this.#nodes.push(node);
    this.sinkBytes += node.type.bytes;
  }

  /** A floating constant as a value of its own, that can have a buffer. */
  ground(node: Node): Node {
    const own = operationNode(node.operation!, node.results, [], null, this.#engine, pending);
    this.add(own);
    return own;
  }

  /** Makes a node an output of the next flush, unless it has its buffer. */
  request(node: Node): void {
    if (node.state === evaporated) this.#revive(node);
    if (node.state === pending) node.keep = true;
  }

  /** Records nodes again that what is recorded may depend on: ids grow from operands to those that use them. */
  restore(nodes: readonly Node[]): void {
    for (const node of nodes) if (node.state === evaporated) this.#revive(node);
    this.#nodes.sort((a, b) => a.id - b.id);
  }

  /** Hands over what is recorded and starts afresh. */
  take(): readonly Node[] {
    const nodes = this.#nodes;
    this.#nodes = [];
    this.#flush = ++runtime().lastEpoch;
    this.sinkBytes = 0;
    return nodes;
  }

  /** Counts one more node that has it as an operand. */
  use(operand: Node): void {
    if (operand.state === floating) {
      this.#place(operand);
      return;
    }
    // One that evaporated is no longer among the sinks.
    if (operand.uses++ === 0 && operand.state === pending) this.sinkBytes -= operand.type.bytes;
    if (operand.state === evaporated) this.request(operand);
  }

  /** Each flush has its own copy of a floating node. */
  #place(node: Node): void {
    if (node.flush === this.#flush) return;
    node.flush = this.#flush;
    this.#nodes.push(node);
  }

  /** Records a node again, with all it needs, that a former flush computed only in passing. */
  #revive(node: Node): void {
    const path = [node];
    while (path.length > 0) {
      const top = path.at(-1)!;
      const missing = top.operands.find((operand) => operand.state === evaporated);
      if (missing !== undefined) {
        path.push(missing);
        continue;
      }
      path.pop();
      for (const operand of top.operands) if (operand.state === floating) this.#place(operand);
      top.state = pending;
      this.#nodes.push(top);
    }
  }
}
