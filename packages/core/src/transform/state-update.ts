/**
 * New values of variables from one launch. They are published in the tick of the launch, so that what is launched next sees
 * the whole step; if the launch turns out not to happen, the variables go back to what they were.
 */
import type { Buffer } from '../engine/buffer.js';
import type { Cell, Engine } from '../engine/engine.js';
import { buffered, leaf, type Node } from '../graph/node.js';
import { cellKey, type Variable } from '../variable.js';

/** For values of launches that failed: what the variable held before. */
const fallbacks: WeakMap<Node, Node> = new WeakMap();

export function bufferedNode(engine: Engine, buffer: Buffer): Node {
  const node = leaf(buffer.type, buffered, null, engine);
  node.buffer = buffer;
  return node;
}

interface Change {
  readonly cell: Cell;
  /** Keeps its owner until the outcome is known. */
  readonly former: Node;
  readonly fresh: Node;
}

export class StateUpdate {
  readonly #changes: readonly Change[];

  constructor(engine: Engine, variables: readonly Variable[], buffers: readonly Buffer[]) {
    this.#changes = variables.map((variable, i) => {
      const cell = variable[cellKey];
      const change = { cell, former: cell.node, fresh: bufferedNode(engine, buffers[i]!) };
      change.fresh.owners++;
      cell.node = change.fresh;
      return change;
    });
  }

  /** The launch happened: the former values are no longer needed. */
  settle(): void {
    for (const { former } of this.#changes) {
      for (let node: Node | undefined = former; node !== undefined; node = fallbacks.get(node)) {
        node.owners--;
        node.engine?.releaseIfUnused(node);
      }
    }
  }

  /** The launch did not happen. */
  revert(): void {
    for (const { cell, former, fresh } of this.#changes) {
      if (cell.node === fresh) {
        cell.node = lastGood(former);
        fresh.owners--;
      } else fallbacks.set(fresh, former);
    }
  }
}

function lastGood(node: Node): Node {
  const before = fallbacks.get(node);
  return before === undefined ? node : lastGood(before);
}
