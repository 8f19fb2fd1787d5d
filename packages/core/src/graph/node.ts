/**
 * One value of a graph under construction. Eager code, traces and transformations all make nodes; a tensor is a user's
 * handle on one. Every node has the same shape in memory, because eager speed depends on it.
 */
import type { HostArray, Value } from '@ceratops/kernel-registry';
import type { Buffer } from '../engine/buffer.js';
import type { Engine } from '../engine/engine.js';
import { runtime } from '../runtime.js';
import type { Operation } from './operation.js';
import type { TraceFrame } from './trace-frame.js';
import type { ValueType } from './value-type.js';

export type NodeState =
  /** Recorded in eager code, not launched yet. */
  | typeof pending
  /** Launched as the inside of a program: nobody asked for its value, which is computed again if someone does. */
  | typeof evaporated
  /** It has a buffer. */
  | typeof buffered
  /** Its elements are on the host only. */
  | typeof onHost
  /** Without operands, so it belongs to no frame and no engine: each program that uses it has its own copy. */
  | typeof floating
  /** A value inside a trace. */
  | typeof traced;

export const pending = 0;
export const evaporated = 1;
export const buffered = 2;
export const onHost = 3;
export const floating = 4;
export const traced = 5;

const nothing: Node[] = [];

export class Node implements Value {
  readonly id: number;
  readonly type: ValueType;
  /** What computes it; null for leaves and for projections. */
  readonly operation: Operation | null;
  /** All result types of the operation. */
  readonly results: readonly ValueType[];
  /** Empty once the node has a buffer, so that what it was computed from can go. */
  operands: Node[];
  /** Which result of its only operand it is, for ops with several results; else -1. */
  readonly index: number;
  /** The trace that it is a value of; null for eager values. */
  readonly frame: TraceFrame | null;
  /** Null until the node meets a backend. */
  engine: Engine | null;
  state: NodeState;
  buffer: Buffer | null = null;
  host: HostArray | null = null;
  /** The trace during which host data was made: there it is a literal, elsewhere a captured value. */
  origin: TraceFrame | null = null;
  /** Nodes that have it as an operand. */
  uses = 0;
  /** Tensors that are a handle on it; only `dispose` takes one away, the garbage collector is never asked. */
  handles = 0;
  /** Variables whose value it is. */
  owners = 0;
  /** Computed as an output of the next flush although others consume it. */
  keep = false;
  /** For floating nodes, the flush that has a copy. */
  flush = 0;
  /** Scratch of the walk numbered `epoch`. */
  epoch = 0;
  slot = 0;

  constructor(
    type: ValueType,
    operation: Operation | null,
    results: readonly ValueType[],
    operands: Node[],
    index: number,
    frame: TraceFrame | null,
    engine: Engine | null,
    state: NodeState,
  ) {
    this.id = ++runtime().lastNode;
    this.type = type;
    this.operation = operation;
    this.results = results;
    this.operands = operands;
    this.index = index;
    this.frame = frame;
    this.engine = engine;
    this.state = state;
  }
}

export function operationNode(
  operation: Operation,
  results: readonly ValueType[],
  operands: Node[],
  frame: TraceFrame | null,
  engine: Engine | null,
  state: NodeState,
): Node {
  return new Node(results[0]!, operation, results, operands, -1, frame, engine, state);
}

/** One result of a node whose operation has several. */
export function projection(parent: Node, index: number): Node {
  const type = parent.results[index]!;
  return new Node(type, null, [type], [parent], index, parent.frame, parent.engine, parent.state);
}

/** A value that nothing computes: an input of a trace, a buffer, host data. */
export function leaf(type: ValueType, state: NodeState, frame: TraceFrame | null, engine: Engine | null): Node {
  return new Node(type, null, [type], nothing, -1, frame, engine, state);
}

export function hostLeaf(type: ValueType, data: HostArray, frame: TraceFrame | null): Node {
  const node = leaf(type, onHost, null, null);
  node.host = data;
  node.origin = frame;
  return node;
}
