/** Building programs: the one place where instructions get their ids and their inferred types. */

import { CeratopsError } from './errors.js';
import { infer } from './infer/index.js';
import type { OpAttributes, OpName } from './opset.js';
import type { AnyInstruction, Program, ProgramInput, ValueId } from './program.js';
import { formatType, sameType, type TensorType } from './tensor-type.js';

/** A value of a program under construction. */
export interface Value {
  readonly id: ValueId;
  readonly type: TensorType;
}

/**
 * Whatever takes ops: a program builder, a tracer. Decompositions, vjp rules and passes are written over it, mostly
 * through the functions of `emit/`.
 */
export interface Emitter {
  /** @throws CeratopsError as `infer` does, when operands and attributes do not fit the op. */
  emit<O extends OpName>(op: O, operands: readonly Value[], attributes: OpAttributes[O]): readonly Value[];
}

/** Knows the ops whose rules are at hand (see `rules.ts`); the one of `any-op.ts`, which is the public one, knows all. */
export class ProgramBuilder implements Emitter {
  readonly #inputs: ProgramInput[] = [];
  readonly #instructions: AnyInstruction[] = [];
  readonly #values: Value[] = [];

  /** Declares the next input; all inputs come before the first op. */
  input(type: TensorType): Value {
    if (this.#instructions.length > 0) {
      throw new CeratopsError('INVALID_STATE', 'input after an op', {
        subject: 'ProgramBuilder',
        remedy: 'declare all inputs before the first emit',
      });
    }
    this.#inputs.push({ type });
    return this.#define(type);
  }

  emit<O extends OpName>(op: O, operands: readonly Value[], attributes: OpAttributes[O]): readonly Value[] {
    const types = operands.map((value) => value.type);
    return this.append(op, operands, attributes, infer(op, types, attributes));
  }

  /** Emits what was inferred before: an instruction of another program on operands of the same types. */
  append<O extends OpName>(
    op: O,
    operands: readonly Value[],
    attributes: OpAttributes[O],
    results: readonly TensorType[],
  ): readonly Value[] {
    const ids = operands.map((value) => this.#idOf(value, op));
    this.#instructions.push({ op, operands: ids, attributes, results } as AnyInstruction);
    return results.map((type) => this.#define(type));
  }

  /**
   * The program so far. It may be called again after more ops.
   * @param aliases per input, the index of the output that takes over its storage.
   */
  build(outputs: readonly Value[], name = 'main', aliases: readonly (number | undefined)[] = []): Program {
    return {
      name,
      inputs: this.#inputs.map((input, i) => (aliases[i] === undefined ? input : { ...input, aliases: aliases[i] })),
      instructions: [...this.#instructions],
      outputs: outputs.map((value) => this.#idOf(value, 'output')),
    };
  }

  #define(type: TensorType): Value {
    const value = { id: this.#values.length, type };
    this.#values.push(value);
    return value;
  }

  #idOf(value: Value, op: string): ValueId {
    const known = this.#values[value.id];
    if (known === undefined || (known !== value && !sameType(known.type, value.type))) {
      throw new CeratopsError('INVALID_ARGUMENT', 'value is not of this program', {
        subject: op,
        expected: `a value of the same builder`,
        received: `%${value.id}: ${formatType(value.type)}`,
      });
    }
    return value.id;
  }
}

/** A program from a function over its inputs. */
export function buildProgram(
  inputs: readonly TensorType[],
  body: (emitter: Emitter, ...values: Value[]) => readonly Value[],
  name?: string,
): Program {
  return buildWith(new ProgramBuilder(), inputs, body, name);
}

export function buildWith(
  builder: ProgramBuilder,
  inputs: readonly TensorType[],
  body: (emitter: Emitter, ...values: Value[]) => readonly Value[],
  name?: string,
): Program {
  const values = inputs.map((type) => builder.input(type));
  return builder.build(body(builder, ...values), name);
}

/** Replays a program's instructions into an emitter, on these operands, and gives its outputs. */
export function inline(emitter: Emitter, program: Program, operands: readonly Value[]): Value[] {
  if (operands.length !== program.inputs.length) {
    throw new CeratopsError('INVALID_ARGUMENT', 'wrong number of operands', {
      subject: program.name,
      expected: `${program.inputs.length}`,
      received: `${operands.length}`,
    });
  }
  const values: Value[] = [...operands];
  for (const { op, operands: ids, attributes } of program.instructions) {
    values.push(
      ...emitter.emit(
        op,
        ids.map((id) => values[id]!),
        attributes,
      ),
    );
  }
  return program.outputs.map((id) => values[id]!);
}
