/** State: a named, typed place for a tensor. Reads and writes are recorded by the trace they happen in. */
import { CeratopsError, type DType, formatType, type Shape } from '@ceratops/kernel-registry';
import { finaliser } from './engine/collection.js';
import { currentEngine } from './engine/default-engine.js';
import type { Cell, Engine } from './engine/engine.js';
import { evaporated, floating, hostLeaf, type Node, pending } from './graph/node.js';
import { readNode } from './graph/realise.js';
import { leakedTracer, withoutFrame } from './graph/trace-frame.js';
import type { ValueType } from './graph/value-type.js';
import { runtime } from './runtime.js';
import { formatTensor } from './tensor/format.js';
import { nodeKey, Tensor } from './tensor/tensor.js';

export interface VariableOptions {
  readonly name?: string | undefined;
  /** Default true. */
  readonly trainable?: boolean | undefined;
  /** The name with those of its owners in front; default: the name. */
  readonly path?: string | undefined;
}

const brand: symbol = Symbol.for('ceratops.variable');
const inspectKey: symbol = Symbol.for('nodejs.util.inspect.custom');
/** Where a variable keeps its cell; not for users. */
export const cellKey = '~cell';

export class Variable {
  /** @internal */
  readonly '~cell': Cell;
  /** @internal */
  readonly type: ValueType;
  name: string;
  path: string;
  trainable: boolean;

  /**
   * @param initial the first value; inside a trace a function that makes it (it runs as eager code).
   */
  constructor(initial: Tensor | (() => Tensor), options: VariableOptions = {}) {
    const node = initialNode(initial);
    this[cellKey] = { node };
    this.type = node.type;
    node.owners++;
    this.name = options.name ?? 'variable';
    this.path = options.path ?? this.name;
    this.trainable = options.trainable ?? true;
    register(this);
  }

  get dtype(): DType {
    return this.type.dtype;
  }

  get shape(): Shape {
    return this.type.shape;
  }

  /** The current value: inside a trace the traced one. */
  get value(): Tensor {
    return new Tensor(readVariable(this));
  }

  /**
   * @throws CeratopsError SHAPE_MISMATCH or DTYPE_MISMATCH when the value is of another type; nothing has changed then.
   */
  assign(value: Tensor): void {
    const node = value[nodeKey];
    if (node.type !== this.type && (node.type.dtype !== this.dtype || `${node.type.shape}` !== `${this.shape}`)) {
      const problem = node.type.dtype === this.dtype ? 'shape' : 'dtype';
      throw new CeratopsError(
        problem === 'shape' ? 'SHAPE_MISMATCH' : 'DTYPE_MISMATCH',
        `value of another ${problem} assigned`,
        { subject: `variable ${this.path}`, expected: formatType(this.type), received: formatType(node.type) },
      );
    }
    writeVariable(this, node);
  }

  toString(): string {
    const { host } = this[cellKey].node;
    const values = host === null ? undefined : { dtype: this.dtype, shape: this.shape, data: host };
    return formatTensor(`Variable ${this.path}`, this.type, values);
  }

  /** As the console shows it. */
  toJSON(): string {
    return this.toString();
  }

  /** Text may name it; arithmetic on it is an error. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new CeratopsError('INVALID_ARGUMENT', 'JavaScript operators do not work on variables', {
      subject: `variable ${this.path}`,
      remedy: 'use ops.add(variable.value, b), …',
    });
  }
}

Object.defineProperties(Variable.prototype, {
  [brand]: { value: true },
  [inspectKey]: { value: Variable.prototype.toString },
});

/** True for variables of any copy of this package. */
export function isVariable(value: unknown): value is Variable {
  return typeof value === 'object' && value !== null && brand in value;
}

/** The value of a variable in the current frame. */
export function readVariable(variable: Variable): Node {
  const { frame } = runtime();
  if (frame !== null) return frame.readVariable(variable);
  const { node } = variable[cellKey];
  const { buffer } = node;
  buffer?.memory.watch(buffer);
  return node;
}

/** Gives a variable a value in the current frame. */
export function writeVariable(variable: Variable, value: Node): void {
  const { frame } = runtime();
  if (frame !== null) {
    frame.writeVariable(variable, value);
    return;
  }
  if (value.frame !== null) throw leakedTracer(value, `variable ${variable.path}`);
  setCell(variable[cellKey], anchored(value));
}

/** Puts a node of eager code into a variable; what it held before goes if nobody else needs it. */
export function setCell(cell: Cell, node: Node): void {
  const former = cell.node;
  if (former === node) return;
  node.owners++;
  cell.node = node;
  former.owners--;
  former.engine?.releaseIfUnused(former);
  if (node.state === pending || node.state === evaporated) node.engine!.markDirty(cell);
}

/** A node that can hold state: a floating constant becomes a value of its own. */
function anchored(node: Node): Node {
  return node.state === floating ? currentEngine().graph.ground(node) : node;
}

function initialNode(initial: Tensor | (() => Tensor)): Node {
  const value = typeof initial === 'function' ? withoutFrame(initial) : initial;
  const node = value[nodeKey];
  if (node.frame !== null) throw leakedTracer(node, 'variable');
  return anchored(node);
}

/** Moves the value to another engine; through the host, the only way between two backends. */
export async function moveVariable(variable: Variable, engine: Engine): Promise<void> {
  const cell = variable[cellKey];
  for (let { node } = cell; node.engine !== null && node.engine !== engine; node = cell.node) {
    const data = await readNode(node);
    if (cell.node === node) setCell(cell, hostLeaf(variable.type, data, null));
  }
}

/** So that `setBackend` finds every variable, and a dropped variable's value is freed. */
function register(variable: Variable): void {
  const { variables } = runtime();
  const reference = new WeakRef(variable);
  const cell = variable[cellKey];
  variables.add(reference);
  finaliser().register(variable, {
    finalise: () => {
      variables.delete(reference);
      cell.node.owners--;
      cell.node.engine?.releaseIfUnused(cell.node);
    },
  });
}
