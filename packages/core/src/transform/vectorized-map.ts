/** Functions of items as functions of batches. */
import { CeratopsError, formatType, type Program } from '@ceratops/kernel-registry';
import { type BatchContext, type Batched, batchProgram, runBatched, spread } from '@ceratops/kernel-registry/batching';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { internType } from '../graph/value-type.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { customComposite, customParts } from './custom-gradient.js';
import { callWith } from './first-order.js';
import { hiddenOperands, hiddenState, openTree, programOf, trace } from './trace.js';

/** A function with a gradient of its own has it on batches too. */
function ownBatch({
  emitter: e,
  attributes,
  operands,
  size,
}: BatchContext<'composite'>): readonly Batched[] | undefined {
  const { decomposition } = attributes;
  const parts = customParts(decomposition);
  if (parts === undefined) return undefined;
  const batched = (program: Program): Program =>
    batchProgram(
      program,
      program.inputs.map(() => true),
      size,
      ownBatch,
    );
  const composite = customComposite(batched(decomposition!), batched(parts.residuals), batched(parts.backward));
  const values = operands.map((operand) => spread(e, operand, size));
  return e.emit('composite', values, composite).map((value) => ({ value, mapped: true }));
}

/**
 * `fn` on every item along the first dimension of all tensors in its arguments, at once: each op runs on the whole batch, as with
 * `jax.vmap`. Results have the dimension in front, also those that are the same for all items.
 * @throws CeratopsError SHAPE_MISMATCH when the tensors' first dimensions differ; INVALID_ARGUMENT when `fn` assigns a variable.
 */
export function vectorizedMap<A extends readonly unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  const label = fn.name || 'vectorizedMap';
  return (...args: A) => {
    const opened = args.map(openTree);
    const nodes = opened.flatMap(({ tensors }) => tensors).map((tensor) => tensor[nodeKey]);
    const size = batchSize(label, nodes);
    const types = nodes.map(({ type: { dtype, shape } }) => internType({ dtype, shape: shape.slice(1) }));
    const traced = trace(label, types, (inputs) => callWith(fn, opened, inputs));
    const state = hiddenState(traced);
    const [assigned] = state.written;
    if (assigned !== undefined) {
      throw new CeratopsError('INVALID_ARGUMENT', 'a function of items cannot assign a variable', {
        subject: `${label}, ${assigned.path}`,
        remedy: 'return the values and assign what you make of them, or use map, which takes items one after the other',
      });
    }
    const program: Program = programOf(label, traced, state);
    const operands: Batched[] = [
      ...nodes.map((value) => ({ value, mapped: true })),
      ...hiddenOperands(state).map((value) => ({ value, mapped: false })),
    ];
    const results = runBatched(emitter, program, operands, size, ownBatch);
    return traced.fill(results.map((result) => new Tensor(spread(emitter, result, size) as Node))) as R;
  };
}

function batchSize(label: string, nodes: readonly Node[]): number {
  const sizes = new Set(nodes.map(({ type }) => type.shape[0]));
  const [size] = sizes;
  if (sizes.size === 1 && size !== undefined) return size;
  throw new CeratopsError('SHAPE_MISMATCH', 'tensors with one common first dimension are needed', {
    subject: label,
    expected: 'the same number of items in each',
    received: nodes.map(({ type }) => formatType(type)).join(', ') || 'no tensors',
  });
}
