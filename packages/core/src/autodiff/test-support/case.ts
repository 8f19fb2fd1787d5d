/** A differentiable function as data: its inputs with values, and how it is built. */
import {
  buildProgram,
  type Emitter,
  type HostArray,
  type OpAttributes,
  type OpName,
  type Program,
  type Shape,
  sizeOf,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import { PythonRandom } from '../../random/python-random.js';

export interface CaseInput {
  readonly type: TensorType;
  readonly data: HostArray;
}

export interface GradientCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly program: Program;
}

/** Uniform float64 values in [low, high), a different stream for each seed. */
export function floats(shape: Shape, low = -2, high = 2, seed = 1): CaseInput {
  const random = new PythonRandom(seed);
  const data = Float64Array.from({ length: sizeOf(shape) }, () => random.uniform(low, high));
  return { type: tensorType('float64', shape), data };
}

/** Values with sign, all at least `away` from zero. */
export function nonZero(shape: Shape, away = 0.3, seed = 1): CaseInput {
  const input = floats(shape, -2, 2, seed);
  const data = (input.data as Float64Array).map((x) => x + Math.sign(x) * away);
  return { ...input, data };
}

/** A constant shift in order, so that no two values tie or come near it. */
export function distinct(shape: Shape, seed = 1): CaseInput {
  const order = Array.from({ length: sizeOf(shape) }, (_, index) => index * 0.37 - 2);
  new PythonRandom(seed).shuffle(order);
  return { type: tensorType('float64', shape), data: Float64Array.from(order) };
}

export function integers(shape: Shape, values: readonly number[]): CaseInput {
  return { type: tensorType('int32', shape), data: Int32Array.from(values) };
}

export function booleans(shape: Shape, values: readonly (0 | 1)[]): CaseInput {
  return { type: tensorType('bool', shape), data: Uint8Array.from(values) };
}

/** A case that is one op. */
export function op<O extends OpName>(
  name: O,
  inputs: readonly CaseInput[],
  attributes: OpAttributes[O],
  note = '',
): GradientCase {
  return func(note === '' ? name : `${name}: ${note}`, inputs, (emitter, ...values) =>
    emitter.emit(name, values, attributes),
  );
}

/** A case built from several ops. */
export function func(
  name: string,
  inputs: readonly CaseInput[],
  body: (emitter: Emitter, ...values: Value[]) => readonly Value[],
): GradientCase {
  const types = inputs.map(({ type }) => type);
  return { name, inputs, program: buildProgram(types, body, name) };
}
