/** Makes a failing case smaller for as long as it fails in the same way. */

import {
  dtypes,
  equalPrograms,
  type HostArray,
  type Program,
  ProgramBuilder,
  removeDeadCode,
  type Shape,
  sameType,
  sizeOf,
  type TensorType,
  type Value,
  type ValueId,
  valueTypes,
} from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import type { Case } from './random-program.js';

/** What is wrong with a case; undefined for nothing. */
export type Fails = (candidate: Case) => string | undefined;

/** The smallest case found, which fails as the given one does but for the numbers in the message. */
export function shrink(failing: Case, fails: Fails, most = 400): Case {
  const kind = kindOf(fails(failing));
  let best = failing;
  let left = most;
  const shrinks = (candidate: Case): boolean => left-- > 0 && kindOf(fails(candidate)) === kind;
  for (let next: Case | undefined = best; next !== undefined && left > 0; ) {
    next = firstOf(smaller(best), shrinks);
    if (next !== undefined) best = next;
  }
  return best;
}

function kindOf(failure: string | undefined): string | undefined {
  const [line] = failure?.split('\n') ?? [];
  return line?.replace(/-?\d[\d.e+-]*|NaN|-?Infinity/g, '#').replace(/^[^:]*output #[^:]*, (?=element)/, '');
}

function firstOf(candidates: Iterable<Case>, fits: (candidate: Case) => boolean): Case | undefined {
  for (const candidate of candidates) if (fits(candidate)) return candidate;
  return undefined;
}

/** Ways to make a case smaller, those that save most first. */
function* smaller(current: Case): Generator<Case> {
  yield* withOneOutput(current);
  yield* withEarlierOutput(current);
  yield* withoutAliases(current);
  yield* withCutInstruction(current);
  yield* withBypassedInstruction(current);
  yield* withoutUnusedInputs(current);
  yield* withSmallerSizes(current);
  yield* withSimplerData(current);
}

function* withOneOutput({ program, inputs }: Case): Generator<Case> {
  if (program.outputs.length === 1) return;
  for (const output of program.outputs) yield { program: trimmed({ ...program, outputs: [output] }), inputs };
}

/** Aliases name outputs, and those changed. */
function trimmed(program: Program): Program {
  return removeDeadCode({ ...program, inputs: program.inputs.map(({ type }) => ({ type })) });
}

function* withoutAliases({ program, inputs }: Case): Generator<Case> {
  if (program.inputs.some(({ aliases }) => aliases !== undefined)) yield { program: trimmed(program), inputs };
  if (new Set(inputs).size < inputs.length) yield { program, inputs: inputs.map((data) => data.slice()) };
}

/** What the output's instruction was given, instead of what it gave. */
function* withEarlierOutput({ program, inputs }: Case): Generator<Case> {
  const [output] = program.outputs;
  if (program.outputs.length > 1 || output === undefined) return;
  const definition = definitionsOf(program)[output]!;
  if (definition < 0) return;
  for (const operand of new Set(program.instructions[definition]!.operands)) {
    yield { program: trimmed({ ...program, outputs: [operand] }), inputs };
  }
}

/** The instruction that gives each value; -1 for inputs. */
function definitionsOf(program: Program): number[] {
  const definitions = program.inputs.map(() => -1);
  program.instructions.forEach(({ results }, i) => {
    for (const _ of results) definitions.push(i);
  });
  return definitions;
}

/** An instruction's results as further inputs. */
function* withCutInstruction({ program, inputs }: Case): Generator<Case> {
  const types = valueTypes(program);
  const all = evaluateProgram({ ...program, outputs: types.map((_, id) => id) }, inputs);
  const definitions = definitionsOf(program);
  const { length } = program.instructions;
  for (let i = length - 1; i >= 0; i--) {
    const { op } = program.instructions[i]!;
    if (op === 'constant' || op === 'iota') continue;
    const cut = types.flatMap((_, id) => (definitions[id] === i ? [id] : []));
    if (cut.some((id) => program.outputs.includes(id))) continue;
    yield { program: rebuilt(program, { cut }), inputs: [...inputs, ...cut.map((id) => all[id]!)] };
  }
}

/** An operand in place of a result of the same type. */
function* withBypassedInstruction({ program, inputs }: Case): Generator<Case> {
  const types = valueTypes(program);
  const definitions = definitionsOf(program);
  for (let id = types.length - 1; id >= program.inputs.length; id--) {
    const { operands } = program.instructions[definitions[id]!]!;
    const instead = operands.find((operand) => sameType(types[operand]!, types[id]!));
    if (instead !== undefined) yield { program: rebuilt(program, { bypass: [id, instead] }), inputs };
  }
}

function* withoutUnusedInputs({ program, inputs }: Case): Generator<Case> {
  const used = new Set([...program.outputs, ...program.instructions.flatMap(({ operands }) => operands)]);
  const kept = inputs.map((_, i) => used.has(i));
  if (kept.every(Boolean)) return;
  const renamed: number[] = [];
  let next = 0;
  for (const [id] of valueTypes(program).entries()) renamed.push(kept[id] === false ? -1 : next++);
  yield {
    program: {
      ...program,
      inputs: program.inputs.filter((_, i) => kept[i]),
      instructions: program.instructions.map((instruction) => ({
        ...instruction,
        operands: instruction.operands.map((id) => renamed[id]!),
      })),
      outputs: program.outputs.map((id) => renamed[id]!),
    },
    inputs: inputs.filter((_, i) => kept[i]),
  };
}

/** One size smaller wherever it occurs. Attributes that do not follow make a program that is none, and no candidate. */
function* withSmallerSizes({ program, inputs }: Case): Generator<Case> {
  const sizes = new Set(program.inputs.flatMap(({ type }) => type.shape).filter((size) => size > 1));
  for (const size of [...sizes].sort((a, b) => b - a)) {
    for (const less of new Set([1, size >> 1, size - 1])) {
      const resized = (shape: Shape): number[] => shape.map((each) => (each === size ? less : each));
      try {
        const smallerProgram = rebuilt(program, { resized });
        if (equalPrograms(smallerProgram, program)) continue;
        const types = smallerProgram.inputs.map(({ type }) => type);
        yield { program: smallerProgram, inputs: inputs.map((data, i) => data.slice(0, sizeOf(types[i]!.shape))) };
      } catch {
        // No program.
      }
    }
  }
}

function* withSimplerData({ program, inputs }: Case): Generator<Case> {
  for (const [i, data] of inputs.entries()) {
    const { bits, kind } = dtypes[program.inputs[i]!.type.dtype];
    const zero = bits === 64 && kind !== 'float' ? 0n : 0;
    for (let at = 0; at < Math.min(data.length, 8); at++) {
      if (data[at] === zero) continue;
      const simpler: HostArray = data.slice();
      simpler[at] = zero as never;
      yield { program, inputs: inputs.map((each) => (each === data ? simpler : each)) };
    }
  }
}

interface Change {
  /** Values that become inputs, after those there are. */
  readonly cut?: readonly ValueId[];
  /** [a, b]: b in place of a. */
  readonly bypass?: readonly [ValueId, ValueId];
  readonly resized?: (shape: Shape) => Shape;
}

function rebuilt(program: Program, { cut = [], bypass, resized = (shape) => shape }: Change): Program {
  const builder = new ProgramBuilder();
  const types = valueTypes(program);
  const typed = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape: resized(shape) });
  const values: Value[] = program.inputs.map(({ type }) => builder.input(typed(type)));
  const instead = new Map(cut.map((id) => [id, builder.input(typed(types[id]!))]));
  for (const { op, operands, attributes } of program.instructions) {
    const given = operands.map((id) => values[id]!);
    for (const result of builder.emit(op, given, resizedAttributes(attributes, resized) as typeof attributes)) {
      const id = values.length;
      values.push(instead.get(id) ?? (bypass?.[0] === id ? values[bypass[1]]! : result));
    }
  }
  return trimmed(
    builder.build(
      program.outputs.map((id) => values[id]!),
      program.name,
    ),
  );
}

const shapes: ReadonlySet<string> = new Set(['shape', 'limitIndices', 'sliceSizes']);

/** Shapes among attributes, and in types among them. */
function resizedAttributes(attributes: object, resized: (shape: Shape) => Shape): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      if (shapes.has(name)) return [name, resized(value as Shape)];
      const isType = name === 'type' || name === 'value';
      return [name, isType ? resizedAttributes(value as object, resized) : value];
    }),
  );
}
