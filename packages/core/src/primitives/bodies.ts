/** Bodies of control flow, traced: what they use from outside, tensors and variables, becomes operands and carries. */
import type { Program } from '@ceratops/kernel-registry';
import { assemble } from '../graph/assemble.js';
import type { Node } from '../graph/node.js';
import { TraceFrame, withFrame } from '../graph/trace-frame.js';
import { runtime } from '../runtime.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { tensorList } from '../transform/region.js';
import { readVariable, type Variable, writeVariable } from '../variable.js';
import { nodeOf } from './apply.js';

export type Body = (...args: Tensor[]) => Tensor | readonly Tensor[];

export interface TracedBody {
  readonly label: string;
  readonly frame: TraceFrame;
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
}

export function traceBody(label: string, body: Body, operands: readonly Node[]): TracedBody {
  const frame = new TraceFrame(label, runtime().frame);
  const inputs = operands.map(({ type }) => frame.input(type));
  const outputs = withFrame(frame, () =>
    tensorList(body(...inputs.map((input) => new Tensor(input)))).map((result) => frame.localise(nodeOf(result))),
  );
  return { label, frame, inputs, outputs };
}

/** What several bodies use from outside, in one order. */
export class Shared {
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

/** Hands out the results and lets the variables' new values take effect. */
export function finish(shared: Shared, results: readonly Node[], count: number, firstState: number): Tensor[] {
  shared.variables.forEach((variable, i) => {
    if (shared.isWritten(variable)) writeVariable(variable, results[firstState + i]!);
  });
  const tensors = results.slice(0, count).map((node) => new Tensor(node));
  tensors[0]?.[nodeKey].engine?.relieve();
  return tensors;
}
