/** `@ceratops/kernel-registry/split-vjp`: a program and its way back as two programs. */
import { ProgramBuilder } from '../builder.js';
import { inputTypes, outputTypes, type Program, type ValueId, valueTypes } from '../program.js';
import type { Record, VjpSpecification } from './rule.js';
import { zerosOf } from './support.js';

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

/**
 * Values and gradients for when the cotangents are known only later. Everything that does not wait for them is
 * computed once; inputs and outputs that the way back needs are handed over by reference, not copied.
 */
export function splitVjp(record: Record, program: Program, specification: VjpSpecification): SplitVjp {
  const types = outputTypes(program);
  const of = specification.of ?? types.map((_, index) => index);
  const builder = new ProgramBuilder();
  const inputs = inputTypes(program).map((type) => builder.input(type));
  const cotangents = of.map((index) => builder.input(types[index]!));
  const recording = record(builder, program, inputs, { wrt: specification.wrt, of });
  const forwardLength = builder.build([]).instructions.length;
  const gradients = recording
    .backward(cotangents)
    .map((gradient, i) => gradient ?? zerosOf(builder, inputs[specification.wrt[i]!]!.type));
  return splitAt(program, builder.build([...recording.outputs, ...gradients]), forwardLength);
}

/** `combined` computes the outputs of `program` with its first instructions, then the gradients. */
function splitAt(program: Program, combined: Program, forwardLength: number): SplitVjp {
  const cut = cutAt(combined, forwardLength, program);
  const outputs = combined.outputs.slice(0, program.outputs.length);
  const gradients = combined.outputs.slice(program.outputs.length);
  const kept = handedOver(cut, gradients);
  const { inputCount, cotangentCount, firstTailId } = cut;
  const forwardOutputs = [...outputs, ...kept.filter((id) => id >= inputCount && !outputs.includes(id))];

  // Forward: the cotangent inputs go, so every later id moves down.
  const forwardId = (id: number): number => (id < inputCount ? id : id - cotangentCount);
  // Backward: residuals first, then cotangents, then its own results.
  const backwardId = (id: number): number => {
    if (cut.isCotangent(id)) return id - inputCount + kept.length;
    return id < firstTailId ? kept.indexOf(id) : id - firstTailId + kept.length + cotangentCount;
  };
  const types = valueTypes(combined);
  return {
    forward: {
      name: program.name,
      inputs: program.inputs.map(({ type }) => ({ type })),
      instructions: renumber(cut.head, forwardId),
      outputs: forwardOutputs.map(forwardId),
    },
    backward: {
      name: `${program.name}_backward`,
      inputs: [...kept.map((id) => ({ type: types[id]! })), ...combined.inputs.slice(inputCount)],
      instructions: renumber(cut.tail, backwardId),
      outputs: gradients.map(backwardId),
    },
    residuals: kept.map((id) =>
      id < inputCount ? { from: 'input', index: id } : { from: 'output', index: forwardOutputs.indexOf(id) },
    ),
  };
}

/** A combined program between its forward pass and the rest. */
interface Cut {
  readonly head: Program['instructions'];
  readonly tail: Program['instructions'];
  readonly inputCount: number;
  readonly cotangentCount: number;
  readonly firstTailId: ValueId;
  isCotangent(id: ValueId): boolean;
}

function cutAt(combined: Program, forwardLength: number, original: Program): Cut {
  const head = combined.instructions.slice(0, forwardLength);
  const inputCount = original.inputs.length;
  return {
    head,
    tail: combined.instructions.slice(forwardLength),
    inputCount,
    cotangentCount: combined.inputs.length - inputCount,
    firstTailId: head.reduce((id, { results }) => id + results.length, combined.inputs.length),
    isCotangent: (id) => id >= inputCount && id < combined.inputs.length,
  };
}

/** What the way back reads of the forward pass and its inputs, in order. */
function handedOver({ tail, firstTailId, isCotangent }: Cut, gradients: readonly ValueId[]): ValueId[] {
  const read = [...tail.flatMap(({ operands }) => operands), ...gradients];
  return [...new Set(read.filter((id) => id < firstTailId && !isCotangent(id)))].sort((a, b) => a - b);
}

function renumber(instructions: Program['instructions'], renamed: (id: ValueId) => ValueId): Program['instructions'] {
  return instructions.map((instruction) => ({ ...instruction, operands: instruction.operands.map(renamed) }));
}
