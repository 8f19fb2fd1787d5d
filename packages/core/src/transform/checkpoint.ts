/** Rematerialisation: memory for time in reverse mode. */
import { checkpoint as composite } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { callWith } from './first-order.js';
import { hiddenOperands, hiddenState, openTree, programOf, publishWrites, trace } from './trace.js';

/**
 * `fn` whose gradient keeps only what `fn` takes and computes the rest again on the way back, as `jax.checkpoint`. What it reads of
 * variables is read once; what it writes is written once.
 */
export function checkpoint<A extends readonly unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  const label = fn.name || 'checkpoint';
  return (...args: A) => {
    const opened = args.map(openTree);
    const nodes = opened.flatMap(({ tensors }) => tensors).map((tensor) => tensor[nodeKey]);
    const types = nodes.map(({ type }) => type);
    const traced = trace(label, types, (inputs) => callWith(fn, opened, inputs));
    const state = hiddenState(traced);
    const body = programOf(label, traced, state);
    const results = emit.composite(emitter, composite, [...nodes, ...hiddenOperands(state)], {
      body,
    }) as readonly Node[];
    const count = traced.outputs.length;
    publishWrites(state, results.slice(count));
    return traced.fill(results.slice(0, count).map((node) => new Tensor(node))) as R;
  };
}
