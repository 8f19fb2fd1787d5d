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
  readonly #engine: Engine;
  readonly #changes: readonly Change[];
  #settled = false;

  constructor(engine: Engine, variables: readonly Variable[], buffers: readonly Buffer[]) {
    this.#engine = engine;
    this.#changes = variables.map((variable, i) => {
      const cell = variable[cellKey];
      const change = { cell, former: cell.node, fresh: bufferedNode(engine, buffers[i]!) };
      change.fresh.owners++;
      cell.node = change.fresh;
      return change;
    });
  }

  /** The launch is with the backend: the former values are no longer needed, unless it fails there. */
  settle(donated: readonly Buffer[]): void {
    this.#settled = true;
    for (const { former } of this.#changes) {
      for (let node: Node | undefined = former; node !== undefined; node = fallbacks.get(node)) abandon(node);
    }
    const probe = this.#changes[0]?.fresh.buffer;
    if (probe != null) this.#engine.remember({ probe, donated, revert: () => this.revert() });
  }

  /** The launch did not happen, or failed. */
  revert(): void {
    for (const { cell, former, fresh } of this.#changes) {
      const good = lastGood(former);
      const isLost = good.buffer?.allocation.state === 'gone' && good.buffer.error === null;
      if (isLost) continue;
      if (this.#settled) former.owners++;
      if (cell.node === fresh) {
        cell.node = good;
        if (good !== former) abandon(former);
        abandon(fresh);
      } else {
        // A later launch, or an assignment, has replaced it: if that fails too, this is what to go back to.
        fallbacks.set(fresh, former);
        good.buffer?.memory.watch(good.buffer);
      }
    }
  }
}

function abandon(node: Node): void {
  node.owners--;
  node.engine?.releaseIfUnused(node);
}

function lastGood(node: Node): Node {
  const before = fallbacks.get(node);
  return before === undefined ? node : lastGood(before);
}
