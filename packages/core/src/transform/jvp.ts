/** Forward-mode differentiation of functions of tensors. */
import { CeratopsError, formatType, type Value } from '@ceratops/kernel-registry';
import { bringFolds } from '@ceratops/kernel-registry/emit';
import { inline, isDifferentiable } from '@ceratops/kernel-registry/tracing';
import { tangentProgram } from '../autodiff/tangent.js';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { customVjp } from './custom-gradient.js';
import { callWith, filled } from './first-order.js';
import { hiddenOperands, hiddenState, openTree, programOf, publishWrites, trace } from './trace.js';

/**
 * The value of `fn` and its directional derivative, as `jax.jvp`: [value, tangents], the tangents a tree like the value, zero for what has
 * none. `tangents` holds one tree per primal, with tensors of the same types.
 * @throws CeratopsError SHAPE_MISMATCH when tangents do not fit the primals.
 */
export function jvp<A extends readonly unknown[], R>(fn: (...args: A) => R, primals: A, tangents: A): [R, R] {
  bringFolds();
  const label = fn.name || 'jvp';
  const opened = primals.map(openTree);
  const nodes = opened.flatMap(({ tensors }) => tensors).map((tensor) => tensor[nodeKey]);
  const directions = tangents.map(openTree).flatMap(({ tensors }) => tensors.map((tensor) => tensor[nodeKey]));
  checkTangents(label, nodes, directions);
  const types = nodes.map(({ type }) => type);
  const traced = trace(label, types, (inputs) => callWith(fn, opened, inputs));
  const state = hiddenState(traced);
  const program = programOf(label, traced, state);
  const wrt = types.flatMap((type, i) => (isDifferentiable(type) ? [i] : []));
  const of = traced.outputs.flatMap(({ type }, i) => (isDifferentiable(type) ? [i] : []));
  const derivative = tangentProgram(program, { wrt, of, compositeVjp: customVjp });
  const operands = [...nodes, ...hiddenOperands(state), ...wrt.map((i) => directions[i]!)];
  const results = inline(emitter, derivative, operands) as readonly Value[] as readonly Node[];
  const count = traced.outputs.length;
  const derivatives = results.slice(program.outputs.length);
  publishWrites(state, results.slice(count, program.outputs.length));
  const tangentOf = ({ type }: Node, i: number): Node =>
    of.includes(i) ? derivatives[of.indexOf(i)]! : filled(type, 0);
  const fill = (list: readonly Node[]): R => traced.fill(list.map((node) => new Tensor(node))) as R;
  return [fill(results.slice(0, count)), fill(traced.outputs.map(tangentOf))];
}

function checkTangents(label: string, primals: readonly Node[], tangents: readonly Node[]): void {
  const describe = (nodes: readonly Node[]): string => nodes.map(({ type }) => formatType(type)).join(', ');
  const [expected, received] = [describe(primals), describe(tangents)];
  if (expected === received) return;
  throw new CeratopsError('SHAPE_MISMATCH', 'tangents do not fit the primals', { subject: label, expected, received });
}
