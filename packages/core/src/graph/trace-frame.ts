/**
 * A trace in progress: records what a function does, including what it reads from outside (captured tensors, variables) and
 * the variables it writes. Nothing runs.
 */
import { CeratopsError, formatType } from '@ceratops/kernel-registry';
import { disposed } from '../engine/failure.js';
import { runtime } from '../runtime.js';
import type { Variable } from '../variable.js';
import { floating, leaf, type Node, onHost, operationNode, traced } from './node.js';
import { constantNode, type Operation } from './operation.js';
import type { ValueType } from './value-type.js';

/** How a trace uses a variable. */
export interface VariableUse {
  /** The hidden input with the value from before the trace; null when it is written only. */
  input: Node | null;
  /** The value at this point of the trace. */
  current: Node;
  written: boolean;
}

export class TraceFrame {
  readonly label: string;
  readonly parent: TraceFrame | null;
  /** A region of reduce, sort, … may use its own arguments only. */
  readonly closedOver: boolean;
  open = true;
  readonly nodes: Node[] = [];
  /** Outer values in use, each with its hidden input. */
  readonly captures: Map<Node, Node> = new Map();
  readonly variables: Map<Variable, VariableUse> = new Map();

  constructor(label: string, parent: TraceFrame | null, closedOver = false) {
    this.label = label;
    this.parent = parent;
    this.closedOver = closedOver;
  }

  input(type: ValueType): Node {
    return leaf(type, traced, this, null);
  }

  record(operation: Operation, operands: readonly Node[]): Node {
    const own = operands.map((operand) => this.localise(operand));
    const node = operationNode(operation, operation.resultsOf(own), own, this, null, traced);
    this.nodes.push(node);
    return node;
  }

  /** The value inside this trace of any value that the traced function can see. */
  localise(node: Node): Node {
    if (node.frame === this || node.state === floating) return node;
    if (node.origin?.open && node.state === onHost && this.isInside(node.origin)) {
      // Host data made during a trace is part of the program.
      return constantNode({ type: node.type, data: node.host! });
    }
    if (node.frame !== null && !(node.frame.open && node.frame !== graveyard && this.isInside(node.frame)))
      throw leakedTracer(node, this.label);
    let input = this.captures.get(node);
    if (input === undefined) {
      if (this.closedOver) throw closedRegion(this.label, node.type);
      input = this.input(node.type);
      this.captures.set(node, input);
    }
    return input;
  }

  isInside(frame: TraceFrame): boolean {
    for (let own: TraceFrame | null = this; own !== null; own = own.parent) if (own === frame) return true;
    return false;
  }

  /** The current value of a variable, as a value of this trace. */
  readVariable(variable: Variable): Node {
    return (this.variables.get(variable) ?? this.#useVariable(variable)).current;
  }

  /** The value of a variable before the trace, as an input of it. */
  variableInput(variable: Variable): Node {
    const use = this.variables.get(variable) ?? this.#useVariable(variable);
    use.input ??= this.input(variable.type);
    return use.input;
  }

  writeVariable(variable: Variable, node: Node): void {
    const current = this.localise(node);
    const use = this.variables.get(variable);
    if (use === undefined) {
      if (this.closedOver) throw closedRegion(this.label, variable.type);
      this.variables.set(variable, { input: null, current, written: true });
    } else {
      use.current = current;
      use.written = true;
    }
  }

  #useVariable(variable: Variable): VariableUse {
    if (this.closedOver) throw closedRegion(this.label, variable.type);
    const input = this.input(variable.type);
    const use = { input, current: input, written: false };
    this.variables.set(variable, use);
    return use;
  }
}

/** Runs `body` with a frame on top; the frame is closed afterwards, so that its values cannot be used any more. */
export function withFrame<T>(frame: TraceFrame, body: () => T): T {
  try {
    return inFrame(frame, body);
  } finally {
    frame.open = false;
  }
}

/** Runs `body` as eager code even inside a trace: what makes state, not results. */
export function withoutFrame<T>(body: () => T): T {
  return inFrame(null, body);
}

function inFrame<T>(frame: TraceFrame | null, body: () => T): T {
  const state = runtime();
  const outer = state.frame;
  state.frame = frame;
  try {
    return body();
  } finally {
    state.frame = outer;
  }
}

/** The frame of disposed tensors: never open, so that every use of them fails. */
export const graveyard: TraceFrame = /*#__PURE__*/ new TraceFrame('dispose()', null);

export function leakedTracer(node: Node, subject: string): CeratopsError {
  if (node.frame === graveyard) return disposed(`${subject} of ${formatType(node.type)}`);
  const label = node.frame?.label ?? 'a trace';
  if (node.frame?.open) {
    return new CeratopsError('INVALID_STATE', 'a traced value was used outside of its trace', {
      subject,
      received: `${formatType(node.type)} of the running trace of ${label}`,
      remedy: 'state made in a trace starts from a function: new Variable(() => …)',
    });
  }
  return new CeratopsError('INVALID_STATE', 'a traced value was used after its trace was over', {
    subject,
    received: `${formatType(node.type)} from the trace of ${label}`,
    remedy: 'return it from the traced function, or assign it to a Variable',
  });
}

function closedRegion(label: string, type: ValueType): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'the body uses a value from outside', {
    subject: label,
    expected: 'its arguments and constants only',
    received: formatType(type),
  });
}
