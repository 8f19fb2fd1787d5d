/** Program → Program forms of reverse mode. */
import { inputTypes, outputTypes, type Program, ProgramBuilder, type Value } from '@ceratops/kernel-registry';
import { type SplitVjp, splitVjp as split } from '@ceratops/kernel-registry/split-vjp';
import { zerosOf } from '@ceratops/kernel-registry/tracing';
import { type RecordOptions, record } from './record.js';

export type VjpSpecification = RecordOptions;

/**
 * Values and gradients in one program: inputs ++ cotangents (one per `of`) → outputs ++ gradients (one per `wrt`,
 * zeros materialised).
 */
export function gradientProgram(program: Program, specification: VjpSpecification): Program {
  const types = outputTypes(program);
  const of = specification.of ?? types.map((_, index) => index);
  const builder = new ProgramBuilder();
  const inputs = inputTypes(program).map((type) => builder.input(type));
  const cotangents = of.map((index) => builder.input(types[index]!));
  const recording = record(builder, program, inputs, { ...specification, of });
  const gradients = recording
    .backward(cotangents)
    .map((gradient, i): Value => gradient ?? zerosOf(builder, inputs[specification.wrt[i]!]!.type));
  return builder.build([...recording.outputs, ...gradients], `${program.name}_vjp`);
}

/**
 * The same in two programs, for when the cotangents are known only later. Everything that does not wait for them is
 * computed once; inputs and outputs that the way back needs are handed over by reference, not copied.
 */
export function splitVjp(program: Program, specification: VjpSpecification): SplitVjp {
  return split(
    (emitter, recorded, operands, wanted) => record(emitter, recorded, operands, { ...specification, ...wanted }),
    program,
    specification,
  );
}
