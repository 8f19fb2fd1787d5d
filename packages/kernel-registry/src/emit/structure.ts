/** Control flow, composites, calls and dense linear algebra over any emitter. */

import type { Emitter, Value } from '../builder.js';
import { type CompositeAttributes, type CompositeDefinition, registerComposite } from '../composite.js';
import type { AttributeValue, OpAttributes } from '../opset.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';

export function whileLoop(
  emitter: Emitter,
  carries: readonly Value[],
  condition: Program,
  body: Program,
): readonly Value[] {
  return emitter.emit('while', carries, { condition, body });
}

export function caseOf(
  emitter: Emitter,
  index: Value,
  operands: readonly Value[],
  branches: readonly Program[],
): readonly Value[] {
  return emitter.emit('case', [index, ...operands], { branches });
}

/** Emits a composite and makes its definition known by name; this is where composites get registered. */
export function composite(
  emitter: Emitter,
  definition: CompositeDefinition,
  operands: readonly Value[],
  attributes: CompositeAttributes = {},
): readonly Value[] {
  registerComposite(definition);
  return emitter.emit('composite', operands, { name: definition.name, attributes });
}

export function customCall(
  emitter: Emitter,
  target: string,
  operands: readonly Value[],
  results: readonly TensorType[],
  config: { readonly [name: string]: AttributeValue } = {},
): readonly Value[] {
  return emitter.emit('custom_call', operands, { target, config, results });
}

export function optimizationBarrier(emitter: Emitter, operands: readonly Value[]): readonly Value[] {
  return emitter.emit('optimization_barrier', operands, {});
}

export function fft(
  emitter: Emitter,
  operand: Value,
  fftType: OpAttributes['fft']['fftType'],
  fftLength: readonly number[],
): Value {
  return emitter.emit('fft', [operand], { fftType, fftLength })[0]!;
}

export function cholesky(emitter: Emitter, operand: Value, lower = true): Value {
  return emitter.emit('cholesky', [operand], { lower })[0]!;
}

export function triangularSolve(
  emitter: Emitter,
  a: Value,
  b: Value,
  attributes: OpAttributes['triangular_solve'],
): Value {
  return emitter.emit('triangular_solve', [a, b], attributes)[0]!;
}
