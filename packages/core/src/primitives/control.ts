/** Control flow inside programs. What bodies use from outside, tensors and variables, becomes operands and carries. */
import { CeratopsError } from '@ceratops/kernel-registry';
import { boundedWhile } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import type { Tensor } from '../tensor/tensor.js';
import { nodeOf } from './apply.js';
import { type Body, finish, Shared, traceBody } from './bodies.js';

export interface WhileOptions {
  /** The loop ends after so many iterations at the latest. Only a bounded loop has gradients. */
  readonly maximumIterations?: number | undefined;
}

/**
 * Repeats `body` on the carries while `condition` holds. Variables that are used inside are carried along.
 * @throws CeratopsError INVALID_PROGRAM when the body's results are not of the carries' types.
 */
export function whileLoop(
  condition: (...args: Tensor[]) => Tensor,
  body: Body,
  carries: readonly Tensor[],
  { maximumIterations }: WhileOptions = {},
): Tensor[] {
  const initial = carries.map(nodeOf);
  const tracedBody = traceBody('while body', body, initial);
  const tracedCondition = traceBody('while condition', condition, initial);
  const shared = new Shared([tracedBody, tracedCondition]);
  for (const [variable, { written }] of tracedCondition.frame.variables) {
    if (!written) continue;
    throw new CeratopsError('INVALID_ARGUMENT', 'the condition assigns a variable', {
      subject: `while condition, ${variable.path}`,
      remedy: 'assign it in the body',
    });
  }
  const operands = [...initial, ...shared.operands()];
  const regions = {
    condition: shared.program(tracedCondition, () => []),
    body: shared.program(tracedBody, (captured) => [...captured, ...shared.finalState(tracedBody)]),
  };
  if (regions.body.outputs.length === 0) return [];
  const results =
    maximumIterations === undefined
      ? emit.whileLoop(emitter, operands, regions.condition, regions.body)
      : emit.composite(emitter, boundedWhile, operands, { ...regions, maximum: maximumIterations });
  const firstState = initial.length + shared.captures.length;
  return finish(shared, results as readonly Node[], initial.length, firstState);
}

/**
 * Runs one of the branches on the operands: the one that the int32 scalar picks, the last for an index out of range.
 * All branches give results of the same types.
 */
export function caseOf(index: Tensor, branches: readonly Body[], operands: readonly Tensor[] = []): Tensor[] {
  const given = operands.map(nodeOf);
  const traced = branches.map((branch, i) => traceBody(`branch ${i}`, branch, given));
  const shared = new Shared(traced);
  const programs = traced.map((body) => shared.program(body, () => shared.finalState(body)));
  if (programs.every(({ outputs }) => outputs.length === 0)) return [];
  const results = emit.caseOf(emitter, nodeOf(index), [...given, ...shared.operands()], programs);
  const count = traced[0]?.outputs.length ?? 0;
  return finish(shared, results as readonly Node[], count, count);
}
