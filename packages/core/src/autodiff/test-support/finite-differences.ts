/** Gradients against central finite differences, all in float64 on the reference evaluator. */
import { type HostArray, outputTypes, type Program, sizeOf } from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { isDifferentiable } from '@ceratops/kernel-registry/tracing';
import { PythonRandom } from '../../random/python-random.js';
import { gradientProgram } from '../transform.js';

const step = 1e-5;

export interface Comparison {
  readonly received: number[];
  readonly expected: number[];
}

/** The outputs and inputs of float64 that a check is about. */
function differentiable(program: Program): { wrt: number[]; of: number[] } {
  const wrt = program.inputs.flatMap(({ type }, index) => (type.dtype === 'float64' ? [index] : []));
  const of = outputTypes(program).flatMap((type, index) => (isDifferentiable(type) ? [index] : []));
  return { wrt, of };
}

/** Random cotangents for the outputs `of`. */
export function cotangentsFor(program: Program, of: readonly number[], seed: number): Float64Array[] {
  const random = new PythonRandom(seed);
  const types = outputTypes(program);
  return of.map((index) => Float64Array.from({ length: sizeOf(types[index]!.shape) }, () => random.uniform(-1, 1)));
}

/** The gradient of ⟨outputs, cotangents⟩ in every float64 input, by the transform and by differences. */
export function compareGradients(program: Program, inputs: readonly HostArray[], seed = 7): Comparison {
  const { wrt, of } = differentiable(program);
  const cotangents = cotangentsFor(program, of, seed);
  const combined = gradientProgram(program, { wrt, of });
  const gradients = evaluateProgram(combined, [...inputs, ...cotangents]).slice(program.outputs.length);
  const objective = (arrays: readonly HostArray[]): number => {
    const outputs = evaluateProgram(program, arrays);
    return of.reduce((sum, index, i) => sum + inner(outputs[index] as Float64Array, cotangents[i]!), 0);
  };
  const expected = wrt.flatMap((index) => differences(objective, inputs, index));
  return { received: gradients.flatMap((gradient) => [...(gradient as Float64Array)]), expected };
}

/** Derivatives of a scalar function by one of its arrays. */
function differences(
  objective: (arrays: readonly HostArray[]) => number,
  inputs: readonly HostArray[],
  index: number,
): number[] {
  const original = inputs[index] as Float64Array;
  return Array.from(original, (value, position) => {
    const at = (shifted: number): number => {
      const copy = original.slice();
      copy[position] = shifted;
      return objective(inputs.map((array, i) => (i === index ? copy : array)));
    };
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** The program of the gradients alone, whose inputs are the original's and the cotangents: what second order is about. */
export function gradientsOnly(program: Program): Program {
  const combined = gradientProgram(program, differentiable(program));
  return { ...combined, outputs: combined.outputs.slice(program.outputs.length) };
}

export function cotangentsOf(program: Program, seed: number): Float64Array[] {
  return cotangentsFor(program, differentiable(program).of, seed);
}
