/** Control flow inside programs. What bodies use from outside, tensors and variables, becomes operands and carries. */
import { CeratopsError, type Program } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { assemble } from '../graph/assemble.js';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { TraceFrame, withFrame } from '../graph/trace-frame.js';
import { runtime } from '../runtime.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { tensorList } from '../transform/region.js';
import { readVariable, type Variable, writeVariable } from '../variable.js';
import { nodeOf } from './apply.js';

type Body = (...args: Tensor[]) => Tensor | readonly Tensor[];

interface TracedBody {
  readonly label: string;
  readonly frame: TraceFrame;
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
}

function traceBody(label: string, body: Body, operands: readonly Node[]): TracedBody {
  const frame = new TraceFrame(label, runtime().frame);
  const inputs = operands.map(({ type }) => frame.input(type));
  const outputs = withFrame(frame, () =>
    tensorList(body(...inputs.map((input) => new Tensor(input)))).map((result) => frame.localise(nodeOf(result))),
  );
  return { label, frame, inputs, outputs };
}

/** What several bodies use from outside, in one order. */
class Shared {
  readonly captures: readonly Node[];
  readonly variables: readonly Variable[];
  readonly #bodies: readonly TracedBody[];

  constructor(bodies: readonly TracedBody[]) {
    this.#bodies = bodies;
    this.captures = [...new Set(bodies.flatMap(({ frame }) => [...frame.captures.keys()]))];
    this.variables = [...new Set(bodies.flatMap(({ frame }) => [...frame.variables.keys()]))];
  }

  /** The values that the surrounding frame passes in. */
  operands(): Node[] {
    return [...this.captures, ...this.variables.map(readVariable)];
  }

  isWritten(variable: Variable): boolean {
    return this.#bodies.some(({ frame }) => frame.variables.get(variable)?.written);
  }

  /** A body as a Program over its own inputs and all that is shared; its outputs end with `extra`. */
  program({ label, frame, inputs, outputs }: TracedBody, extra: (input: readonly Node[]) => readonly Node[]): Program {
    const captured = this.captures.map((node) => frame.captures.get(node) ?? frame.input(node.type));
    const state = this.variables.map((variable) => frame.variableInput(variable));
    return assemble({
      name: label,
      inputs: [...inputs, ...captured, ...state],
      outputs: [...outputs, ...extra(captured)],
      nodes: frame.nodes,
    });
  }

  /** The values of the variables when a body is over. */
  finalState({ frame }: TracedBody): Node[] {
    return this.variables.map((variable) => frame.variables.get(variable)!.current);
  }
}

/**
 * Repeats `body` on the carries while `condition` holds. Variables that are used inside are carried along.
 * @throws CeratopsError INVALID_PROGRAM when the body's results are not of the carries' types.
 */
export function whileLoop(condition: (...args: Tensor[]) => Tensor, body: Body, carries: readonly Tensor[]): Tensor[] {
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
  const results = emit.whileLoop(
    emitter,
    [...initial, ...shared.operands()],
    shared.program(tracedCondition, () => []),
    shared.program(tracedBody, (captured) => [...captured, ...shared.finalState(tracedBody)]),
  );
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
  const results = emit.caseOf(emitter, nodeOf(index), [...given, ...shared.operands()], programs);
  const count = traced[0]?.outputs.length ?? 0;
  return finish(shared, results as readonly Node[], count, count);
}

/** Hands out the results and lets the variables' new values take effect. */
function finish(shared: Shared, results: readonly Node[], count: number, firstState: number): Tensor[] {
  shared.variables.forEach((variable, i) => {
    if (shared.isWritten(variable)) writeVariable(variable, results[firstState + i]!);
  });
  const tensors = results.slice(0, count).map((node) => new Tensor(node));
  tensors[0]?.[nodeKey].engine?.relieve();
  return tensors;
}
