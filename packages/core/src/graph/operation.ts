/**
 * Operations: an op together with its attributes, interned to a small id. Two nodes with the same operation id and the
 * same operands are the same computation, so hashing and comparing graphs is arithmetic on small integers.
 */
import type { Literal, OpAttributes, OpName } from '@ceratops/kernel-registry';
import { infer } from '@ceratops/kernel-registry/tracing';
import { runtime } from '../runtime.js';
import { attributeKey } from './attribute-key.js';
import { floating, type Node, operationNode } from './node.js';
import { internType, type ValueType } from './value-type.js';

export class Operation {
  readonly id: number;
  readonly op: OpName;
  readonly attributes: OpAttributes[OpName];
  #floating: Node | null = null;

  /** Inferred results by the ids of the operand types, and the last answer. */
  #results: Map<number | string, readonly ValueType[]> = new Map();
  #lastKey: number | string | undefined;
  #last: readonly ValueType[] = [];

  constructor(id: number, op: OpName, attributes: OpAttributes[OpName]) {
    this.id = id;
    this.op = op;
    this.attributes = attributes;
  }

  /** The one node of an operation without operands. */
  floating(): Node {
    this.#floating ??= operationNode(this, this.resultsOf([]), [], null, null, floating);
    return this.#floating;
  }

  /** @throws CeratopsError as `infer` does. */
  resultsOf(operands: readonly Node[]): readonly ValueType[] {
    const key = typeKey(operands);
    if (key === this.#lastKey) return this.#last;
    let results = this.#results.get(key);
    if (results === undefined) {
      results = infer(
        this.op,
        operands.map((operand) => operand.type),
        this.attributes,
      ).map(internType);
      this.#results.set(key, results);
    }
    this.#lastKey = key;
    this.#last = results;
    return results;
  }
}

/** A value that a program holds. */
export function constantNode({ type: { dtype, shape }, data }: Literal): Node {
  return operationOf('constant', { value: { type: { dtype, shape }, data } }).floating();
}

const smallId = 0x7fff;

function typeKey(operands: readonly Node[]): number | string {
  // Pairs are not negative.
  if (operands.length === 1) return ~operands[0]!.type.id;
  if (operands.length === 2) {
    const a = operands[0]!.type.id;
    const b = operands[1]!.type.id;
    if (a <= smallId && b <= smallId) return (a << 15) | b;
  }
  let key = '';
  for (const operand of operands) key += `${operand.type.id},`;
  return key;
}

const noAttributes = Object.freeze({});

/** The operation of an op without attributes. */
export function plainOperation(op: OpName): Operation {
  const { plainOperations } = runtime();
  let operation = plainOperations.get(op);
  if (operation === undefined) {
    operation = operationOf(op, noAttributes as OpAttributes[OpName]);
    plainOperations.set(op, operation);
  }
  return operation;
}

/** The operation with these attributes. */
export function operationOf<O extends OpName>(op: O, attributes: OpAttributes[O]): Operation {
  const key = operationKey(attributes);
  return runtime().operations.get(op)?.get(key) ?? add(op, key, attributes);
}

function operationKey(attributes: object): string {
  let key = '';
  for (const name in attributes) {
    const value = (attributes as Record<string, unknown>)[name];
    if (value !== undefined) key += `${name}:${attributeKey(value)};`;
  }
  return key;
}

/** Past this many the table starts afresh: what was interned before is merely not recognised any more. */
const tableLimit = 50_000;

function add(op: OpName, key: string, attributes: OpAttributes[OpName]): Operation {
  const state = runtime();
  if (++state.operationCount > tableLimit) {
    state.operations.clear();
    state.operationCount = 1;
  }
  let table = state.operations.get(op);
  if (table === undefined) state.operations.set(op, (table = new Map()));
  const operation = new Operation(++state.lastOperation, op, attributes);
  table.set(key, operation);
  return operation;
}
