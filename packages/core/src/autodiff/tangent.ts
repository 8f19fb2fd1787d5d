/** Forward mode of programs: the pullback is linear in the cotangents, and its own pullback is the derivative. */
import { inputTypes, outputTypes, type Program, ProgramBuilder, removeDeadCode } from '@ceratops/kernel-registry';
import { buildProgram, inline, zerosOf } from '@ceratops/kernel-registry/tracing';
import { type RecordOptions, record } from './record.js';

/**
 * Values and directional derivatives: inputs ++ tangents (one per `wrt`) → outputs ++ tangents (one per `of`, zeros materialised).
 * @throws CeratopsError as `record` does.
 */
export function tangentProgram(program: Program, options: RecordOptions): Program {
  const types = inputTypes(program);
  const results = outputTypes(program);
  const of = options.of ?? results.map((_, index) => index);
  const cotangentTypes = of.map((index) => results[index]!);
  const pullback = buildProgram([...types, ...cotangentTypes], (e, ...values) => {
    const recording = record(e, program, values.slice(0, types.length), { ...options, of });
    const gradients = recording.backward(values.slice(types.length));
    return gradients.map((gradient, i) => gradient ?? zerosOf(e, types[options.wrt[i]!]!));
  });
  const builder = new ProgramBuilder();
  const inputs = types.map((type) => builder.input(type));
  const tangents = options.wrt.map((index) => builder.input(types[index]!));
  const outputs = inline(builder, program, inputs);
  const seeds = cotangentTypes.map((type) => zerosOf(builder, type));
  const wrt = seeds.map((_, i) => types.length + i);
  const transpose = record(builder, pullback, [...inputs, ...seeds], { ...options, wrt, of: undefined });
  const derivatives = transpose.backward(tangents).map((value, i) => value ?? zerosOf(builder, cotangentTypes[i]!));
  return removeDeadCode(builder.build([...outputs, ...derivatives], `${program.name}_jvp`));
}
