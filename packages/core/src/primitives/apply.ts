/** From tensors to nodes and back: what every primitive goes through. */
import { CeratopsError, type Value } from '@ceratops/kernel-registry';
import { emitNode, emitNodes } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import type { Operation } from '../graph/operation.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { isVariable, readVariable } from '../variable.js';

/** The node of a tensor; a variable stands for its value. */
export function nodeOf(value: Tensor): Node {
  return value[nodeKey] ?? coerce(value);
}

function coerce(value: unknown): Node {
  if (isVariable(value)) return readVariable(value);
  throw new CeratopsError('INVALID_ARGUMENT', 'not a tensor', {
    expected: 'a Tensor',
    received: value === null ? 'null' : typeof value,
    remedy: 'make one with tensor(data)',
  });
}

/** Applies an operation with one result. */
export function apply(operation: Operation, operands: Node[]): Tensor {
  const node = emitNode(operation, operands);
  const result = new Tensor(node);
  node.engine?.relieve();
  return result;
}

export function apply1(operation: Operation, a: Tensor): Tensor {
  return apply(operation, [nodeOf(a)]);
}

export function apply2(operation: Operation, a: Tensor, b: Tensor): Tensor {
  return apply(operation, [nodeOf(a), nodeOf(b)]);
}

/** Applies an operation with any number of results. */
export function applyMany(operation: Operation, operands: readonly Tensor[]): Tensor[] {
  return emittedMany(emitNodes(operation, operands.map(nodeOf)));
}

/** The tensor of a value that went through `emitter`. */
export function emitted(value: Value): Tensor {
  return emittedMany([value])[0]!;
}

export function emittedMany(values: readonly Value[]): Tensor[] {
  const results = (values as readonly Node[]).map((node) => new Tensor(node));
  results[0]?.[nodeKey].engine?.relieve();
  return results;
}
