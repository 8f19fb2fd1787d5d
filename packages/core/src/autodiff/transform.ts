/** Program → Program forms of reverse mode. */
import { inputTypes, outputTypes, type Program, ProgramBuilder, type Value } from '@ceratops/kernel-registry';
import { zerosOf } from './emit.js';
import { type RecordOptions, record } from './record.js';

export type VjpSpecification = RecordOptions;

/** Where one of the backward program's residuals comes from once the forward program has run. */
export type ResidualSource =
  | { readonly from: 'input'; readonly index: number }
  | { readonly from: 'output'; readonly index: number };

export interface SplitVjp {
  /** inputs → outputs ++ extra residuals. */
  readonly forward: Program;
  /** residuals ++ cotangents (one per `of`) → gradients (one per `wrt`, zeros materialised). */
  readonly backward: Program;
  /** The leading inputs of `backward`: inputs or outputs (original and extra) of `forward`. */
  readonly residuals: readonly ResidualSource[];
}

interface Combined {
  readonly program: Program;
  /** How many of its instructions belong to the forward pass. */
  readonly forwardLength: number;
}

function combine(program: Program, specification: VjpSpecification): Combined {
  const types = outputTypes(program);
  const of = specification.of ?? types.map((_, index) => index);
  const builder = new ProgramBuilder();
  const inputs = inputTypes(program).map((type) => builder.input(type));
  const cotangents = of.map((index) => builder.input(types[index]!));
  const recording = record(builder, program, inputs, { ...specification, of });
  const forwardLength = builder.build([]).instructions.length;
  const gradients = recording
    .backward(cotangents)
    .map((gradient, i): Value => gradient ?? zerosOf(builder, inputs[specification.wrt[i]!]!.type));
  return { program: builder.build([...recording.outputs, ...gradients], `${program.name}_vjp`), forwardLength };
}

/**
 * Values and gradients in one program: inputs ++ cotangents (one per `of`) → outputs ++ gradients (one per `wrt`,
 * zeros materialised).
 */
export function gradientProgram(program: Program, specification: VjpSpecification): Program {
  return combine(program, specification).program;
}

/**
 * The same in two programs, for when the cotangents are known only later. Everything that does not wait for them is
 * computed once; inputs and outputs that the way back needs are handed over by reference, not copied.
 */
export function splitVjp(program: Program, specification: VjpSpecification): SplitVjp {
  const { program: combined, forwardLength } = combine(program, specification);
  const inputCount = program.inputs.length;
  const cotangentCount = combined.inputs.length - inputCount;
  const outputCount = program.outputs.length;
  const isCotangent = (id: number): boolean => id >= inputCount && id < inputCount + cotangentCount;

  const head = combined.instructions.slice(0, forwardLength);
  const tail = combined.instructions.slice(forwardLength);
  const firstTailId = head.reduce((id, { results }) => id + results.length, combined.inputs.length);
  const handedOver = new Set<number>();
  for (const id of [...tail.flatMap(({ operands }) => operands), ...combined.outputs.slice(outputCount)]) {
    if (id < firstTailId && !isCotangent(id)) handedOver.add(id);
  }
  const kept = [...handedOver].sort((a, b) => a - b);

  // Forward: the cotangent inputs go, so every later id moves down.
  const forwardId = (id: number): number => (id < inputCount ? id : id - cotangentCount);
  const outputs = combined.outputs.slice(0, outputCount);
  const extra = kept.filter((id) => id >= inputCount && !outputs.includes(id));
  const forwardOutputs = [...outputs, ...extra];

  // Backward: residuals first, then cotangents, then its own results.
  const backwardId = (id: number): number => {
    if (isCotangent(id)) return id - inputCount + kept.length;
    return id < firstTailId ? kept.indexOf(id) : id - firstTailId + kept.length + cotangentCount;
  };
  const types = new Map<number, Program['inputs'][number]>();
  combined.inputs.forEach((input, id) => {
    types.set(id, { type: input.type });
  });
  let id = combined.inputs.length;
  for (const { results } of head) for (const type of results) types.set(id++, { type });

  return {
    forward: {
      name: program.name,
      inputs: program.inputs.map(({ type }) => ({ type })),
      instructions: renumber(head, forwardId),
      outputs: forwardOutputs.map(forwardId),
    },
    backward: {
      name: `${program.name}_backward`,
      inputs: [...kept.map((kept) => types.get(kept)!), ...combined.inputs.slice(inputCount)],
      instructions: renumber(tail, backwardId),
      outputs: combined.outputs.slice(outputCount).map(backwardId),
    },
    residuals: kept.map((id) =>
      id < inputCount ? { from: 'input', index: id } : { from: 'output', index: forwardOutputs.indexOf(id) },
    ),
  };
}

function renumber(instructions: Program['instructions'], renamed: (id: number) => number): Program['instructions'] {
  return instructions.map((instruction) => ({ ...instruction, operands: instruction.operands.map(renamed) }));
}
